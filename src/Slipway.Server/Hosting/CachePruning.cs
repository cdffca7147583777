using Microsoft.Extensions.Options;
using Slipway.BuildKit;
using Slipway.Core;
using Slipway.Core.Storage;
using Slipway.Docker;
using Slipway.Server.Api.Status;

namespace Slipway.Server.Hosting;

/// <summary>Keeps the build cache within its limits. Nobody's name is on a cache record, so by default only an engine that Slipway started is pruned.</summary>
internal sealed class CachePruning(BuildCache cache, EngineProbe engine, DiskUse disk, SlipwayHome home, IOptions<StorageOptions> options, ILogger<CachePruning> log)
{
    public bool MayPrune => options.Value.PruneCache switch
    {
        "always" => true,
        "never" => false,
        // Written by "slipway up" when it starts a dockerd.
        _ => File.Exists(Path.Combine(home.Run, "dockerd.json")),
    };

    public string Describe() => MayPrune
        ? $"build cache: at most {options.Value.CacheMegabytes / 1024.0:0.#} GiB, unused for at most {options.Value.CacheUnused.TotalDays:0.#} days"
        : $"build cache: left alone{(options.Value.PruneCache == "never" ? "" : ", for the engine was here before Slipway")} (Slipway:Storage:PruneCache)";

    /// <summary>Null when the engine does not say in time.</summary>
    public async Task<DiskUsage?> MeasureAsync(CancellationToken ct) =>
        await engine.UsageAsync(ct) is { } used ? new DiskUsage(disk.HomeBytes(), used.OwnImageBytes, used.BuildCacheBytes, disk.FreeBytes()) : null;

    public async Task RunAsync(CancellationToken ct)
    {
        if (!MayPrune || await MeasureAsync(ct) is not { } used) return;
        var o = options.Value;
        var keep = CacheBudget.Keep(used, o);
        var freed = await cache.PruneAsync(keep, o.CacheUnused, o.CacheMountUnused, ct);
        if (freed > 0) log.Pruned(freed >> 20, keep >> 20);
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{Freed} MiB of build cache dropped, at most {Keep} MiB are kept")]
    public static partial void Pruned(this ILogger log, long freed, long keep);
}
