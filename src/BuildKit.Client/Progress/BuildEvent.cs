namespace BuildKit.Client;

/// <summary>What happens in a build, in order: one of the records below.</summary>
public abstract record BuildEvent
{
    private protected BuildEvent() { }
}

/// <summary>A step is new or stands differently.</summary>
/// <param name="Step">As it is now.</param>
public sealed record StepChanged(BuildStep Step) : BuildEvent;

/// <summary>
/// Bytes that a step's command wrote, cut anywhere, as they came: escape codes and <c>\r</c> included. <see cref="StepLines"/> makes lines of them.
/// A daemon keeps at most 200 KiB/s and 2 MiB per step unless it was told otherwise (BUILDKIT_STEP_LOG_MAX_SPEED and _SIZE in its
/// environment; facts: moby/buildkit util/progress/logs) and then writes <c>[output clipped, …]</c> among them.
/// </summary>
/// <param name="Step">Whose.</param>
/// <param name="IsError">Written to standard error.</param>
/// <param name="At">When, by the daemon's clock.</param>
/// <param name="Bytes">At most some 32 KiB.</param>
public sealed record StepOutput(BuildStep Step, bool IsError, DateTimeOffset At, ReadOnlyMemory<byte> Bytes) : BuildEvent;

/// <summary>Something is on its way within a step: the context to the daemon, a layer from or to a registry.</summary>
/// <param name="Step">Within which.</param>
/// <param name="Name">What: <c>transferring context:</c>, or a layer's digest.</param>
/// <param name="Current">Bytes so far.</param>
/// <param name="Total">Bytes in all; null when the daemon does not know.</param>
/// <param name="IsDone">It has arrived.</param>
public sealed record StepTransfer(BuildStep Step, string Name, long Current, long? Total, bool IsDone) : BuildEvent;

/// <summary>The frontend warns: of an old syntax, say. Daemons before 0.10 (Engine 20.10) never do.</summary>
/// <param name="Text">In one line.</param>
/// <param name="Detail">More lines; may be empty.</param>
/// <param name="Url">Where it is explained; null when nowhere.</param>
public sealed record BuildWarning(string Text, IReadOnlyList<string> Detail, string? Url) : BuildEvent;

/// <summary>The build ended well; always the last event.</summary>
/// <param name="Result">What it made.</param>
public sealed record BuildCompleted(BuildResult Result) : BuildEvent;
