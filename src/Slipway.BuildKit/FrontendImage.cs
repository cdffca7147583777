using BuildKit.Client;

namespace Slipway.BuildKit;

/// <summary>The image that a Dockerfile's <c># syntax=</c> line names. Pure.</summary>
internal static class FrontendImage
{
    /// <summary>What the daemon calls the step that looks for it; later ones put a scheme before the name.</summary>
    private const string Resolving = "resolve image config for ";

    private static readonly string[] Known = ["docker/dockerfile", "docker/dockerfile-upstream"];

    /// <summary>Its name, when a build failed for want of it.</summary>
    public static string? MissedBy(BuildKitSolveException e) =>
        e.Step is { } step && step.StartsWith(Resolving, StringComparison.Ordinal)
            ? step[Resolving.Length..].Replace("docker-image://", "", StringComparison.Ordinal).Replace("docker.io/", "", StringComparison.Ordinal)
            : null;

    /// <summary>The same frontend as the daemon's own, of another age.</summary>
    public static bool IsKnown(string name) => Known.Contains(name.Split('@')[0].Split(':')[0]);
}
