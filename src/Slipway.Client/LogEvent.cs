namespace Slipway.Client;

/// <summary>One event of a deployment's log stream.</summary>
public abstract record LogEvent
{
    private LogEvent() { }

    /// <summary>A line.</summary>
    public sealed record Line(LogLineView Value) : LogEvent;

    /// <summary>The deployment changed (or is told at the stream's begin).</summary>
    public sealed record State(DeploymentView Value) : LogEvent;

    /// <summary>The log is complete; this is how the deployment ended. The last event.</summary>
    public sealed record End(DeploymentView Value) : LogEvent;
}
