namespace Server.Tests;

/// <summary>For tests that read what the whole process has counted: none runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
