namespace BuildKit.Client;

/// <summary>How a step stands. It may go back from <see cref="Done"/> to <see cref="Running"/>: the daemon does some work in several runs.</summary>
public enum BuildStepState
{
    /// <summary>Known, not begun.</summary>
    Pending,

    /// <summary>At work.</summary>
    Running,

    /// <summary>Its result was there already. <c>[internal]</c> steps never say so, <c>FROM</c> not always.</summary>
    Cached,

    /// <summary>Ended well.</summary>
    Done,

    /// <summary>Ended with <see cref="BuildStep.Error"/>, be it its own or the build's cancellation.</summary>
    Failed,
}

/// <summary>One step of a build as it was when this was made; a vertex in BuildKit's words.</summary>
public sealed record BuildStep
{
    /// <summary>Its identity within this build. In the next build an equal step that works on the context has another: the session is part of it.</summary>
    public required string Digest { get; init; }

    /// <summary>1-based, in the order in which the daemon first named the steps of this build.</summary>
    public required int Number { get; init; }

    /// <summary>As the frontend calls it: <c>[build 3/5] RUN npm ci</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How it stands.</summary>
    public BuildStepState State { get; init; }

    /// <summary>Digests of the steps whose results it works on; a step runs again when one of them came out different.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>First start, by the daemon's clock; null before.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Last end, by the daemon's clock; null while it runs.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Time it has worked, over all its runs that ended; null before the first end.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The daemon's words, when it failed.</summary>
    public string? Error { get; init; }

    /// <summary><see cref="State"/> is <see cref="BuildStepState.Cached"/>.</summary>
    public bool IsCached => State == BuildStepState.Cached;

    /// <summary>The daemon's own work (reading the Dockerfile, the context).</summary>
    public bool IsInternal => Name.StartsWith("[internal]", StringComparison.Ordinal);

    /// <summary>It was stopped because another step failed or the build was canceled: a consequence, no cause.</summary>
    public bool IsCanceled => Error is { } e && e.Contains("context canceled", StringComparison.Ordinal);
}
