using BuildKit.Client;
using Slipway.Core.Storage;

namespace Slipway.BuildKit;

/// <summary>Prunes by type, so that cache mounts are not counted among what may go for its size.</summary>
internal sealed class EngineBuildCache(BuildKitClient client) : IBuildCache
{
    private static readonly string[] Replaceable = ["type==regular", "type==source.local", "type==source.git.checkout"];

    public async Task<long> PruneAsync(long keepBytes, TimeSpan unused, TimeSpan mountsUnused, CancellationToken ct)
    {
        var freed = 0L;
        // Filters of one request are alternatives: first what is old, then the rest down to the size.
        freed += await FreeAsync(new PruneOptions { Filters = Replaceable, KeepFor = unused }, ct);
        freed += await FreeAsync(new PruneOptions { Filters = ["type==exec.cachemount"], KeepFor = mountsUnused }, ct);
        return freed + await FreeAsync(new PruneOptions { Filters = Replaceable, KeepBytes = keepBytes }, ct);
    }

    private async Task<long> FreeAsync(PruneOptions options, CancellationToken ct) => (await client.PruneAsync(options, ct)).Sum(record => record.Size);
}
