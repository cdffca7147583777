using BuildKit.Client;

namespace Slipway.BuildKit;

/// <summary>The builder's cache: steps' results, contexts, cache mounts. Pruned by type, so that cache mounts are not counted among what may go for its size.</summary>
public sealed class BuildCache
{
    private static readonly string[] Replaceable = ["type==regular", "type==source.local", "type==source.git.checkout"];

    private readonly BuilderPool _pool;

    internal BuildCache(BuilderPool pool) => _pool = pool;

    /// <summary>Drops what was unused for so long, then the longest unused until about <paramref name="keepBytes"/> are left; cache mounts only by their age; in each builder that answers. Bytes freed.</summary>
    public async Task<long> PruneAsync(long keepBytes, TimeSpan unused, TimeSpan mountsUnused, CancellationToken ct)
    {
        var freed = 0L;
        foreach (var builder in _pool.All)
        {
            try
            {
                freed += await PruneAsync(builder.Client, keepBytes, unused, mountsUnused, ct);
            }
            catch (BuildKitConnectionException) when (_pool.All.Count > 1)
            {
                // One of several that is away has its turn with the next look.
            }
        }

        return freed;
    }

    private static async Task<long> PruneAsync(BuildKitClient client, long keepBytes, TimeSpan unused, TimeSpan mountsUnused, CancellationToken ct)
    {
        var freed = 0L;
        // Filters of one request are alternatives: first what is old, then the rest down to the size.
        freed += await FreeAsync(client, new PruneOptions { Filters = Replaceable, KeepFor = unused }, ct);
        freed += await FreeAsync(client, new PruneOptions { Filters = ["type==exec.cachemount"], KeepFor = mountsUnused }, ct);
        return freed + await FreeAsync(client, new PruneOptions { Filters = Replaceable, KeepBytes = keepBytes }, ct);
    }

    private static async Task<long> FreeAsync(BuildKitClient client, PruneOptions options, CancellationToken ct) => (await client.PruneAsync(options, ct)).Sum(record => record.Size);
}
