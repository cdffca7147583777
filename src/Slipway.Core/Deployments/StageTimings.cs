namespace Slipway.Core.Deployments;

/// <summary>How long each stage took; null for one that did not run.</summary>
public sealed record StageTimings
{
    public TimeSpan? Queued { get; init; }
    public TimeSpan? Fetch { get; init; }
    public TimeSpan? Plan { get; init; }
    public TimeSpan? Build { get; init; }
    public TimeSpan? Seal { get; init; }
    public TimeSpan? Run { get; init; }
    public TimeSpan? Route { get; init; }
    public TimeSpan? Total { get; init; }

    /// <summary>What <paramref name="later"/> knows wins.</summary>
    public StageTimings With(StageTimings later) => new()
    {
        Queued = later.Queued ?? Queued,
        Fetch = later.Fetch ?? Fetch,
        Plan = later.Plan ?? Plan,
        Build = later.Build ?? Build,
        Seal = later.Seal ?? Seal,
        Run = later.Run ?? Run,
        Route = later.Route ?? Route,
        Total = later.Total ?? Total,
    };
}
