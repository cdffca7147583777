namespace Slipway.Core.Pipeline.Running;

/// <summary>What visitors of a deployment were answered since the router began to count, over all its hosts; pages of the router's own and kept assets too.</summary>
/// <param name="ByClass">Answers by <see cref="Classes"/>.</param>
/// <param name="ByTime">How many took at most each of <see cref="Bounds"/> and longer than the one before; the last: longer than all. Streams count to their end.</param>
/// <param name="SumSeconds">How long all of them took together.</param>
public sealed record DeploymentTraffic(DeploymentId Deployment, IReadOnlyList<long> ByClass, IReadOnlyList<long> ByTime, double SumSeconds)
{
    /// <summary>Of statuses; gone: the visitor left before an answer.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["1xx", "2xx", "3xx", "4xx", "5xx", "gone"];

    /// <summary>In seconds.</summary>
    public static IReadOnlyList<double> Bounds { get; } = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    public long Answers => ByTime.Sum();

    /// <summary>What was answered since; all of it where the router was started anew meanwhile.</summary>
    public DeploymentTraffic Since(DeploymentTraffic? before) => before is null || before.Answers > Answers || before.ByTime.Count != ByTime.Count
        ? this
        : new(Deployment, [.. ByClass.Zip(before.ByClass, (now, then) => now - then)], [.. ByTime.Zip(before.ByTime, (now, then) => now - then)], SumSeconds - before.SumSeconds);

    /// <summary>How long the fastest part took at most, in seconds: within its bucket as if all were spread evenly, as Prometheus does. Null when there was none.</summary>
    /// <param name="part">0.5: half of them.</param>
    public double? Quantile(double part)
    {
        var wanted = part * Answers;
        if (wanted <= 0) return null;
        var (below, i) = (0L, 0);
        while (i < Bounds.Count && below + ByTime[i] < wanted) below += ByTime[i++];
        if (i == Bounds.Count) return Bounds[^1];
        var begin = i == 0 ? 0 : Bounds[i - 1];
        return begin + ((Bounds[i] - begin) * (wanted - below) / ByTime[i]);
    }
}
