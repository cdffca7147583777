namespace Slipway.Core.BuildLogs;

/// <summary>Who wrote a line.</summary>
public enum BuildLogStream
{
    /// <summary>Slipway itself.</summary>
    System,
    Out,
    Err,
}

/// <summary>A line of a deployment's log. Text has no line end; ANSI is kept, at most 16 KiB.</summary>
/// <param name="Sequence">From 1, without gaps, given by the log; 0 before that.</param>
/// <param name="Step">The stage or build step it belongs to.</param>
public sealed record BuildLogLine(long Sequence, DateTimeOffset At, BuildLogStream Stream, string? Step, string Text)
{
    /// <summary>Longer text is cut, and says so.</summary>
    public const int MaxLength = 16 * 1024;

    /// <summary>The line tells that its step stands differently; null for all other lines.</summary>
    public StepChange? Change { get; init; }

    /// <summary>As a terminal would show it: what follows the last <c>\r</c> stands over what came before.</summary>
    public static string Fold(string text)
    {
        if (!text.Contains('\r', StringComparison.Ordinal)) return text;
        var shown = text.AsSpan().TrimEnd('\r');
        return shown[(shown.LastIndexOf('\r') + 1)..].ToString();
    }

    /// <summary>The line as a log keeps it.</summary>
    public BuildLogLine Cut()
    {
        if (Text.Length <= MaxLength) return this;
        var mark = $" … [cut: the line had {Text.Length} characters]";
        var kept = MaxLength - mark.Length;
        if (char.IsHighSurrogate(Text[kept - 1])) kept--;
        return this with { Text = Text[..kept] + mark };
    }
}

/// <summary>What stages write to. Thread-safe; writing never blocks on I/O.</summary>
public interface IBuildOutput
{
    void Line(BuildLogStream stream, string? step, string text);

    /// <summary>A step stands differently; <paramref name="text"/> says the same to people.</summary>
    void Step(string step, string text, StepChange change);

    /// <summary>
    /// Waits until most of what was written is in the log, at once when little is under way. Who passes on what a stranger's program
    /// prints awaits it as he goes, so that memory stays bounded however much that is.
    /// </summary>
    ValueTask CatchUpAsync(CancellationToken ct);
}

public static class BuildOutputs
{
    /// <summary>A sentence of Slipway itself.</summary>
    public static void Say(this IBuildOutput output, string text, string? step = null) => output.Line(BuildLogStream.System, step, text);
}

/// <summary>Lines that came together.</summary>
/// <param name="Number">Of the attempt; the same again is stored once.</param>
public sealed record LogBatch(int Attempt, long Number, IReadOnlyList<BuildLogLine> Lines)
{
    /// <summary>The same lines, none too long, as <see cref="PackedLines"/> has them, which spares the log doing it; null where they are not at hand.</summary>
    public byte[]? Packed { get; init; }
}

/// <summary>Where the lines of a build go: the log itself, or the way there.</summary>
public interface IBuildLogSink
{
    /// <summary>
    /// Appends lines in order; their Sequence is given by the log. The same (attempt, batch) a second time is stored once.
    /// After <see cref="IBuildLog.CompleteAsync"/> it does nothing, nor for a deployment that is not there (its log went with it). Works in any scope.
    /// </summary>
    Task AppendAsync(DeploymentId deployment, int attempt, long batch, IReadOnlyList<BuildLogLine> lines, CancellationToken ct);
}

/// <summary>The log of each deployment, in chunks. Sees only the rows of the current <see cref="Tenancy.TeamScope"/> on reading.</summary>
public interface IBuildLog : IBuildLogSink
{
    /// <summary>Several batches at once, in their order, as if each were appended by itself; all of them or none.</summary>
    Task AppendAsync(DeploymentId deployment, IReadOnlyList<LogBatch> batches, CancellationToken ct);

    /// <summary>No more lines will come: followers end. Idempotent.</summary>
    Task CompleteAsync(DeploymentId deployment, CancellationToken ct);

    /// <summary>
    /// Stored lines with a Sequence above <paramref name="after"/>, <paramref name="limit"/> at most; fewer when they are long, none when
    /// there are no more.
    /// </summary>
    Task<IReadOnlyList<BuildLogLine>> ReadAsync(DeploymentId deployment, long after, int limit, CancellationToken ct);

    /// <summary>Stored lines that carry a <see cref="BuildLogLine.Change"/>, of all attempts; quick however long the log is.</summary>
    Task<IReadOnlyList<BuildLogLine>> ReadChangesAsync(DeploymentId deployment, CancellationToken ct);

    /// <summary>
    /// What is stored, then what comes, each line once and in order; ends when the log is complete.
    /// The scope is that of this call; of a deployment out of sight there is nothing, and it ends at once.
    /// </summary>
    IAsyncEnumerable<BuildLogLine> FollowAsync(DeploymentId deployment, long after, CancellationToken ct);
}
