namespace Contract.Tests.Routing;

/// <summary>Tests that must not share the process with others.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
