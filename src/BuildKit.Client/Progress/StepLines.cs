using BuildKit.Client.Progress;

namespace BuildKit.Client;

/// <summary>One line of a step's output, without its end. Escape codes are kept; of <c>\r</c>-separated progress only the last part is.</summary>
/// <param name="Step">Whose.</param>
/// <param name="IsError">Written to standard error.</param>
/// <param name="At">When its last byte was written, by the daemon's clock.</param>
/// <param name="Text">Invalid UTF-8 has become U+FFFD. A line without end comes in pieces of 1 MiB.</param>
public sealed record StepLine(BuildStep Step, bool IsError, DateTimeOffset At, string Text)
{
    /// <summary>The daemon's own word that it dropped what the step wrote from here on (see <see cref="StepOutput"/>).</summary>
    public bool IsClipNotice => Text.Contains("[output clipped, log limit ", StringComparison.Ordinal);
}

/// <summary>
/// Makes lines of a build's output. Hand it every event: it gives back the lines that the event completes, also those that never
/// got an end, when their step ends or the build does. Memory: what has no end yet, per step and stream. Not thread-safe.
/// </summary>
public sealed class StepLines
{
    private readonly Dictionary<(string Digest, bool IsError), LineBuffer> _buffers = [];
    private readonly Dictionary<(string Digest, bool IsError), StepOutput> _open = [];

    /// <summary>The lines that this event completes; most often none.</summary>
    public IEnumerable<StepLine> Add(BuildEvent happened) => happened switch
    {
        StepOutput output => Lines(output),
        StepChanged { Step: { State: BuildStepState.Done or BuildStepState.Failed } step } => Rest(step.Digest),
        BuildCompleted => Rest(),
        _ => [],
    };

    /// <summary>What has no end yet, of all steps: for a build that did not complete.</summary>
    public IEnumerable<StepLine> Rest() => _open.Keys.Select(k => k.Digest).Distinct().ToList().SelectMany(Rest);

    private IEnumerable<StepLine> Lines(StepOutput output)
    {
        var key = (output.Step.Digest, output.IsError);
        if (!_buffers.TryGetValue(key, out var buffer)) _buffers[key] = buffer = new LineBuffer();
        foreach (var text in buffer.Add(output.Bytes)) yield return new StepLine(output.Step, output.IsError, output.At, text);
        if (buffer.IsEmpty) _open.Remove(key);
        else _open[key] = output with { Bytes = default };
    }

    private IEnumerable<StepLine> Rest(string digest)
    {
        foreach (var isError in new[] { false, true })
        {
            if (_open.Remove((digest, isError), out var last) && _buffers[(digest, isError)].Rest() is { } text) yield return new StepLine(last.Step, isError, last.At, text);
        }
    }
}
