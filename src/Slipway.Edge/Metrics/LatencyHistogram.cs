using Slipway.Core.Pipeline.Running;

namespace Slipway.Edge.Metrics;

/// <summary>How long requests took. Written by all of them at once: two additions each, no lock and nothing allocated.</summary>
internal sealed class LatencyHistogram
{
    /// <summary>Upper ends in seconds; what took longer is in a last one without end.</summary>
    public static readonly double[] Bounds = [.. DeploymentTraffic.Bounds];

    private static readonly long[] _ticks = [.. Bounds.Select(seconds => (long)(seconds * TimeSpan.TicksPerSecond))];

    private readonly long[] _counts = new long[Bounds.Length + 1];
    private long _sum;

    public void Add(TimeSpan taken)
    {
        var ticks = taken.Ticks;
        var bucket = 0;
        while (bucket < _ticks.Length && ticks > _ticks[bucket]) bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _sum, ticks);
    }

    public double SumSeconds => Interlocked.Read(ref _sum) / (double)TimeSpan.TicksPerSecond;

    /// <summary>Those of each bucket by itself.</summary>
    public long[] Counts() => [.. _counts.Select((_, i) => Interlocked.Read(ref _counts[i]))];

    /// <summary>How many took at most each bound, and last how many there were.</summary>
    public long[] Cumulative()
    {
        var all = new long[_counts.Length];
        var sum = 0L;
        for (var i = 0; i < all.Length; i++) all[i] = sum += Interlocked.Read(ref _counts[i]);
        return all;
    }
}
