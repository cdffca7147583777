using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Storage;

namespace Slipway.Server.Hosting;

/// <summary>Adds up what is in use when a build is about to begin; only where a budget is set, for it costs the engine a moment.</summary>
internal sealed class DiskBudget(CachePruning pruning, IOptions<StorageOptions> options) : IDiskBudget
{
    public async Task<Failure?> ExceededAsync(CancellationToken ct)
    {
        var o = options.Value;
        // An engine that does not answer is found by the build itself.
        if (o.MaxUsedMegabytes == 0 || await MeasureAsync(ct) is not { } used || CacheBudget.Exceeded(used, o) is not { } exceeded) return null;
        if (!pruning.MayPrune) return exceeded;
        await pruning.RunAsync(ct);
        return await MeasureAsync(ct) is { } after ? CacheBudget.Exceeded(after, o) : exceeded;
    }

    /// <summary>Cache that is another's to prune is not held against us.</summary>
    private async Task<DiskUsage?> MeasureAsync(CancellationToken ct) =>
        await pruning.MeasureAsync(ct) is { } used ? used with { BuildCache = pruning.MayPrune ? used.BuildCache : 0 } : null;
}
