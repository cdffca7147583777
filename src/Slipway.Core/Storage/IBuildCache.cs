namespace Slipway.Core.Storage;

/// <summary>The builder's cache: steps' results, contexts, cache mounts.</summary>
public interface IBuildCache
{
    /// <summary>Drops what was unused for so long, then the longest unused until about <paramref name="keepBytes"/> are left; cache mounts only by their age. Bytes freed.</summary>
    Task<long> PruneAsync(long keepBytes, TimeSpan unused, TimeSpan mountsUnused, CancellationToken ct);
}
