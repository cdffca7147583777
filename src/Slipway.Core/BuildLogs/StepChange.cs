namespace Slipway.Core.BuildLogs;

/// <summary>How a step of a build stands.</summary>
public enum StepState
{
    Running,
    Done,

    /// <summary>Its result was there already.</summary>
    Cached,
    Failed,

    /// <summary>Stopped because another step failed, the build was canceled or its worker went away.</summary>
    Canceled,
}

/// <summary>A build step stands differently than before. It is told by a line of that step, whose text says the same to people.</summary>
public sealed record StepChange
{
    /// <summary>The whole of it: <c>[build 3/7] RUN npm ci</c>.</summary>
    public required string Name { get; init; }

    public required StepState State { get; init; }

    /// <summary>Time it has worked; null while it does.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Why it was not cached, as far as the builder tells; null where it tells nothing, and for what was cached.</summary>
    public string? Why { get; init; }

    /// <summary>Of the deployment; given by the log's writer.</summary>
    public int Attempt { get; init; }
}
