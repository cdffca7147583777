using System.ComponentModel.DataAnnotations;

namespace Slipway.Core.Pipeline.Running;

/// <summary>When idle deployments sleep; a project may say otherwise (<c>slipway sleep</c>).</summary>
public sealed class SleepOptions
{
    public const string Section = "Slipway:Sleep";

    /// <summary>Let previews sleep at all. What serves production sleeps only where its project says so.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Unused for so long, an app is frozen: it keeps its memory, takes no CPU, and wakes in milliseconds.</summary>
    public TimeSpan After { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Unused for so long, it is stopped: it keeps nothing but its image, and wakes in about a second.</summary>
    public TimeSpan StopAfter { get; set; } = TimeSpan.FromHours(4);

    /// <summary>When less of the machine's memory than this is free, in percent, frozen apps are stopped, the longest idle first; 0: never.</summary>
    [Range(0, 90)]
    public int MinFreePercent { get; set; } = 10;

    /// <summary>How often it is looked for idle apps.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Between SIGTERM and SIGKILL of an app that is stopped to sleep; a request that comes meanwhile waits for it.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(3);
}
