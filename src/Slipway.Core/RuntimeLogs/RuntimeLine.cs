namespace Slipway.Core.RuntimeLogs;

public enum RuntimeStream
{
    Out,
    Err,

    /// <summary>Slipway's own word about the log: what of it is gone.</summary>
    Note,
}

/// <summary>One stored line of what an app printed.</summary>
/// <param name="Number">Given when it was stored, ascending over all deployments of the home: where a reader goes on.</param>
/// <param name="At">When the engine read it, to 100 ns.</param>
public sealed record RuntimeLine(long Number, DeploymentId Deployment, DateTimeOffset At, RuntimeStream Stream, string Text);
