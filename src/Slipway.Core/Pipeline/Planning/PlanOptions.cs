namespace Slipway.Core.Pipeline.Planning;

/// <summary>What a project says about its plan, beside the files.</summary>
public sealed record PlanOptions
{
    /// <summary>The app's folder in the source; null or "": the source itself.</summary>
    public string? RootDirectory { get; init; }

    /// <summary>Names of the variables that the build gets; none: no step mounts the environment.</summary>
    public IReadOnlyCollection<string> BuildEnvironmentNames { get; init; } = [];

    /// <summary>Those of them that are no secrets, with their values: planners of others are given them.</summary>
    public IReadOnlyDictionary<string, string> PlainEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Keyed hash of the build environment (letters and digits), so that a changed value reruns the steps that see it.</summary>
    public string? EnvironmentHash { get; init; }
}
