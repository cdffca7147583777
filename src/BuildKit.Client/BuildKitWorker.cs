using BuildKit.Client.Wire;

namespace BuildKit.Client;

/// <summary>Something of the daemon that runs steps.</summary>
/// <param name="Id">Its name; stays over restarts.</param>
/// <param name="Labels">Such as <c>org.mobyproject.buildkit.worker.executor</c>; an Engine's may be empty.</param>
/// <param name="Platforms">What it can build for, its own first: <c>linux/amd64</c>, <c>linux/arm/v7</c>.</param>
public sealed record BuildKitWorker(string Id, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<string> Platforms)
{
    internal static BuildKitWorker From(WorkerRecord r) => new(r.Id, r.Labels.ToDictionary(), [.. r.Platforms.Select(Name)]);

    private static string Name(Platform p) => p.Variant.Length > 0 ? $"{p.Os}/{p.Architecture}/{p.Variant}" : $"{p.Os}/{p.Architecture}";
}

/// <summary>What a daemon says of itself.</summary>
/// <param name="Package">Whose BuildKit: <c>github.com/moby/buildkit</c>.</param>
/// <param name="Version">Such as <c>v0.25.1</c>. Engines say <c>v0.0.0+unknown</c>: decide nothing by it.</param>
/// <param name="Revision">The commit; may be empty.</param>
public sealed record BuildKitInfo(string Package, string Version, string Revision)
{
    internal static BuildKitInfo From(BuildkitVersion? v) => new(v?.Package ?? "", v?.Version ?? "", v?.Revision ?? "");
}
