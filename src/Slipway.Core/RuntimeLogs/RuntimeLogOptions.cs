using System.ComponentModel.DataAnnotations;

namespace Slipway.Core.RuntimeLogs;

/// <summary>How much is kept of what apps print, over their restarts and removal.</summary>
public sealed class RuntimeLogOptions
{
    public const string Section = "Slipway:RuntimeLogs";

    /// <summary>Of each deployment, in megabytes; the oldest lines are dropped first, an eighth at a time, and the log says so.</summary>
    [Range(1, 1 << 20)]
    public int DeploymentMegabytes { get; set; } = 8;

    /// <summary>Of all deployments together, in megabytes: the oldest parts of any are dropped first; only the newest eighth of each is not.</summary>
    [Range(1, 1 << 24)]
    public int TotalMegabytes { get; set; } = 1024;
}
