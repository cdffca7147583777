namespace BuildKit.Client;

/// <summary>One build with the Dockerfile frontend.</summary>
public sealed record BuildOptions
{
    /// <summary>Files of the build context.</summary>
    public required IContextSource Context { get; init; }

    /// <summary>Where the Dockerfile and its ignore file are; may be the context itself.</summary>
    public required IContextSource Dockerfile { get; init; }

    /// <summary>Path of the Dockerfile in <see cref="Dockerfile"/>.</summary>
    public string DockerfileName { get; init; } = "Dockerfile";

    /// <summary>Names for the image, with or without tag; none: it is found by its digest only.</summary>
    public IReadOnlyList<string> ImageNames { get; init; } = [];

    /// <summary>Stage to build; null: the last.</summary>
    public string? Target { get; init; }

    /// <summary>Build arguments. They show in the image's history: nothing secret.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();

    /// <summary>Labels of the image.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Values for <c>RUN --mount=type=secret,id=…</c>, at most 500 kB each (the daemon's limit).</summary>
    public IReadOnlyDictionary<string, byte[]> Secrets { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>Credentials by registry host (<c>registry-1.docker.io</c> for Docker Hub).</summary>
    public IReadOnlyDictionary<string, RegistryCredentials> Registries { get; init; } = new Dictionary<string, RegistryCredentials>();

    /// <summary>
    /// Names the daemon's copy of the context. Builds with the same key share it, and a file with the same path, size, mode and
    /// time is taken from the copy unread: so one unguessable key per project, never shared (PROTOCOL.md P1).
    /// </summary>
    public required string SharedKey { get; init; }

    /// <summary>Run every step again.</summary>
    public bool NoCache { get; init; }

    /// <summary>
    /// Where the image goes: <c>moby</c>, an Engine's own store, or <c>image</c>, for a buildkitd that pushes (attribute <c>push=true</c>).
    /// Those that send files back to the client (<c>local</c>, <c>docker</c>, <c>oci</c>) are not served.
    /// </summary>
    public string Exporter { get; init; } = "moby";

    /// <summary>More attributes of the exporter, as they are. An Engine on graphdrivers ignores <c>push</c> without a word (PROTOCOL.md §7).</summary>
    public IReadOnlyDictionary<string, string> ExporterAttributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Caches that other builds left elsewhere. One that is not there only warns.</summary>
    public IReadOnlyList<CacheLocation> CacheFrom { get; init; } = [];

    /// <summary>Where to leave this build's cache. What the daemon cannot do fails the build: an Engine on graphdrivers knows <c>inline</c> only.</summary>
    public IReadOnlyList<CacheLocation> CacheTo { get; init; } = [];

    /// <summary>The image of a frontend that reads <see cref="DockerfileName"/> in the daemon's place (<c>gateway.v0</c>); null: the daemon's own for Dockerfiles.</summary>
    public string? FrontendImage { get; init; }

    /// <summary>More attributes of the frontend, as they are.</summary>
    public IReadOnlyDictionary<string, string> FrontendAttributes { get; init; } = new Dictionary<string, string>();
}

/// <summary>Build cache outside the daemon.</summary>
/// <param name="Type"><c>registry</c>, <c>inline</c> (within the image; to export only) or what else the daemon knows.</param>
/// <param name="Attributes"><c>ref</c>, <c>mode</c> (<c>min</c>: the last stage, <c>max</c>: all), <c>ignore-error</c> and so on (moby/buildkit README, "Export cache").</param>
public sealed record CacheLocation(string Type, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>An image reference in a registry, all stages' layers in it.</summary>
    public static CacheLocation Registry(string reference) => new("registry", new Dictionary<string, string> { ["ref"] = reference, ["mode"] = "max" });
}

/// <summary>A registry's user.</summary>
public sealed record RegistryCredentials(string Username, string Password)
{
    /// <summary>Never the password.</summary>
    public override string ToString() => $"{Username}:***";
}

/// <summary>What a build made.</summary>
/// <param name="Digest"><c>sha256:…</c>; in an engine without containerd's store this is the image's id. Empty where the exporter names none.</param>
/// <param name="ExporterResponse">All that the daemon says of it: <c>containerimage.digest</c>, from newer ones <c>containerimage.config.digest</c>, <c>image.name</c> and more.</param>
public sealed record BuildResult(string Digest, IReadOnlyDictionary<string, string> ExporterResponse);
