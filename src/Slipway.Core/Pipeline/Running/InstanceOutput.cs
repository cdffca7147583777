namespace Slipway.Core.Pipeline.Running;

/// <summary>One line that an app printed.</summary>
/// <param name="At">When the runtime read it, to 100 ns.</param>
/// <param name="IsError">It came by stderr.</param>
public sealed record OutputLine(DateTimeOffset At, bool IsError, string Text);

/// <summary>Shorthands of reading output.</summary>
public static class InstanceOutput
{
    /// <summary>The last lines alone.</summary>
    public static async Task<IReadOnlyList<string>> OutputAsync(this IContainerRuntime runtime, InstanceId id, int lines, CancellationToken ct) =>
        await runtime.ReadOutputAsync(id, new() { Tail = lines }, ct).Select(line => line.Text).ToListAsync(ct);
}

/// <summary>Which of an instance's output is wanted.</summary>
public sealed record OutputQuery
{
    /// <summary>For <see cref="Tail"/>: all there are, passed on as they are read.</summary>
    public const int All = int.MaxValue;

    /// <summary>At most so many of the lines there are, the newest.</summary>
    public int Tail { get; init; } = 1_000;

    /// <summary>Only lines later than this; where a reader goes on that was cut off.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>Go on with what comes, until the instance has exited or is gone.</summary>
    public bool Follow { get; init; }
}
