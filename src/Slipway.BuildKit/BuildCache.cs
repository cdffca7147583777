using BuildKit.Client;

namespace Slipway.BuildKit;

/// <summary>The builder's cache: steps' results, contexts, cache mounts. Pruned by type, so that cache mounts are not counted among what may go for its size.</summary>
public sealed class BuildCache
{
    private static readonly string[] Replaceable = ["type==regular", "type==source.local", "type==source.git.checkout"];

    private readonly BuildKitClient _client;

    internal BuildCache(BuildKitClient client) => _client = client;

    /// <summary>Drops what was unused for so long, then the longest unused until about <paramref name="keepBytes"/> are left; cache mounts only by their age. Bytes freed.</summary>
    public async Task<long> PruneAsync(long keepBytes, TimeSpan unused, TimeSpan mountsUnused, CancellationToken ct)
    {
        var freed = 0L;
        // Filters of one request are alternatives: first what is old, then the rest down to the size.
        freed += await FreeAsync(new PruneOptions { Filters = Replaceable, KeepFor = unused }, ct);
        freed += await FreeAsync(new PruneOptions { Filters = ["type==exec.cachemount"], KeepFor = mountsUnused }, ct);
        return freed + await FreeAsync(new PruneOptions { Filters = Replaceable, KeepBytes = keepBytes }, ct);
    }

    private async Task<long> FreeAsync(PruneOptions options, CancellationToken ct) => (await _client.PruneAsync(options, ct)).Sum(record => record.Size);
}
