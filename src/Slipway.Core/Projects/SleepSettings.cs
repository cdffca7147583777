namespace Slipway.Core.Projects;

/// <summary>How a project's idle deployments sleep; what is null is as the installation says (<c>Slipway:Sleep</c>).</summary>
public sealed record SleepSettings
{
    /// <summary>None of them ever sleeps.</summary>
    public bool IsOff { get; init; }

    /// <summary>Unused for so long: frozen.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>Unused for so long: stopped.</summary>
    public TimeSpan? StopAfter { get; init; }

    /// <summary>What serves production sleeps too.</summary>
    public bool Production { get; init; }

    /// <summary>Crawlers and monitors keep an app awake and wake it like people.</summary>
    public bool CrawlersWake { get; init; }

    public static Failure? Check(SleepSettings settings)
    {
        if (settings.After < TimeSpan.FromSeconds(1)) return new Failure("sleep.too_short", "an app can sleep after one second at the earliest", "give a longer --after");
        if (settings is { After: { } after, StopAfter: { } stop } && stop < after)
            return new Failure("sleep.order", "an app cannot be stopped before it is frozen", "give a --stop-after that is not shorter than --after");
        return settings.StopAfter < TimeSpan.FromSeconds(1) ? new Failure("sleep.too_short", "an app can be stopped after one second at the earliest", "give a longer --stop-after") : null;
    }
}
