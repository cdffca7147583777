using System.Diagnostics.Metrics;

namespace Slipway.Core.Metrics;

/// <summary>The one meter that all of Slipway's own measures belong to.</summary>
public static class SlipwayMeter
{
    public const string Name = "Slipway";

    /// <summary>Where times are counted: from what a cached build takes to the longest that is allowed.</summary>
    internal static readonly InstrumentAdvice<double> Durations = new() { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800] };

    public static Meter CreateSlipway(this IMeterFactory meters) => meters.Create(Name);
}
