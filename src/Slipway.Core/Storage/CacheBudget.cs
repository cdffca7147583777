using Slipway.Core.Pipeline.Building;

namespace Slipway.Core.Storage;

/// <summary>What uses the disk, in bytes. Images and cache are the engine's, the rest is the home's.</summary>
/// <param name="Free">On the disk of the engine or of the home, whichever has less; null when it can't be seen.</param>
public sealed record DiskUsage(long Home, long Images, long BuildCache, long? Free);

/// <summary>How much build cache may stay. Pure.</summary>
public static class CacheBudget
{
    /// <summary>Bytes of build cache to keep: its own limit, less what the budget or the free space lacks.</summary>
    public static long Keep(DiskUsage used, StorageOptions options)
    {
        var limit = (long)options.CacheMegabytes << 20;
        var excess = options.MaxUsedMegabytes == 0 ? 0 : Math.Max(0, used.Home + used.Images + used.BuildCache - ((long)options.MaxUsedMegabytes << 20));
        var lack = used.Free is { } free ? Math.Max(0, ((long)options.MinFreeMegabytes << 20) - free) : 0;
        var missing = Math.Max(excess, lack);
        return missing == 0 ? limit : Math.Min(limit, Math.Max(0, used.BuildCache - missing));
    }

    /// <summary>Why no build may begin: more is in use than the budget allows.</summary>
    public static Failure? Exceeded(DiskUsage used, StorageOptions options)
    {
        var allowed = (long)options.MaxUsedMegabytes << 20;
        var all = used.Home + used.Images + used.BuildCache;
        return allowed == 0 || all <= allowed ? null : new Failure("build.over_budget",
            $"Slipway uses {Size.Of(all)} of the disk (images {Size.Of(used.Images)}, build cache {Size.Of(used.BuildCache)}, home {Size.Of(used.Home)}), and may use {Size.Of(allowed)}",
            "remove projects or deployments that are not needed (slipway ls, slipway rm), keep fewer (Slipway:Storage:KeepDeployments), or raise Slipway:Storage:MaxUsedMegabytes", "build");
    }
}
