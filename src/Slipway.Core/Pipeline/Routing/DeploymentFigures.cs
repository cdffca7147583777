using Slipway.Core.Pipeline.Running;

namespace Slipway.Core.Pipeline.Routing;

/// <summary>How busy a deployment is.</summary>
/// <param name="CpuCores">Cores in use on average since the look before; null when there was none, or it was started since.</param>
/// <param name="Total">Since the edge began to count; null when it is down, or nobody came.</param>
/// <param name="Recent">Of the last minutes.</param>
/// <param name="Window">How long those minutes are; zero: there was no look before.</param>
public sealed record DeploymentFigures(Instance Instance, InstanceUsage? Usage, double? CpuCores, DeploymentTraffic? Total, DeploymentTraffic? Recent, TimeSpan Window, RestartFacts Restarts)
{
    public static readonly TimeSpan LongestWindow = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan ShortestForCpu = TimeSpan.FromSeconds(1);

    /// <summary>Pure.</summary>
    /// <param name="before">Oldest first.</param>
    public static DeploymentFigures Of(Instance instance, DeploymentSample now, IReadOnlyList<DeploymentSample> before, RestartFacts restarts)
    {
        var oldest = before.FirstOrDefault(s => now.At - s.At <= LongestWindow);
        return new(instance, now.Usage, Cores(now.Usage, before), now.Traffic, oldest is null ? null : now.Traffic?.Since(oldest.Traffic), oldest is null ? TimeSpan.Zero : now.At - oldest.At, restarts);
    }

    private static double? Cores(InstanceUsage? now, IReadOnlyList<DeploymentSample> before)
    {
        if (now is null || before.LastOrDefault(s => s.Usage is { } then && now.At - then.At >= ShortestForCpu)?.Usage is not { } then || then.CpuSeconds > now.CpuSeconds) return null;
        return (now.CpuSeconds - then.CpuSeconds) / (now.At - then.At).TotalSeconds;
    }
}
