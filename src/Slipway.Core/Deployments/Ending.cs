namespace Slipway.Core.Deployments;

/// <summary>When a deployment ended, and why.</summary>
/// <param name="Reason">One of <see cref="EndReason"/>.</param>
/// <param name="Why">In words, as it was known then; null for what ended before words were written down.</param>
public sealed record Ending(DateTimeOffset At, string Reason, string? Why)
{
    /// <summary>A clause that goes on after "ended": <c>nobody used it for 14 days</c>.</summary>
    public string InWords => Why ?? (Reason == EndReason.Removed ? "it was removed by hand" : "its project keeps newer ones");
}

/// <summary>Why deployments end; on the wire.</summary>
public static class EndReason
{
    /// <summary>A person removed it.</summary>
    public const string Removed = "rm";

    /// <summary>Its project keeps newer ones.</summary>
    public const string Count = "count";

    /// <summary>A preview that nobody used for long.</summary>
    public const string Idle = "idle";

    /// <summary>Its repository has its branch no more.</summary>
    public const string BranchClosed = "branch_closed";
}
