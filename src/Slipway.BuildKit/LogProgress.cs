using System.Globalization;
using BuildKit.Client;
using Slipway.Core.BuildLogs;

namespace Slipway.BuildKit;

/// <summary>Tells a build's steps and their lines in the deployment's log.</summary>
internal sealed class LogProgress(IBuildOutput output)
{
    private const int Kept = 200;
    private const int KeptLength = 1_000;
    private readonly Dictionary<string, StepChange> _told = new(StringComparer.Ordinal);
    private readonly HashSet<string> _clipped = new(StringComparer.Ordinal);
    private readonly CacheReason _reason = new();
    private readonly StepNames _names = new();
    private readonly StepLines _lines = new();
    private readonly Dictionary<string, Queue<string>> _lastLines = new(StringComparer.Ordinal);

    public void Tell(BuildEvent happened)
    {
        foreach (var line in _lines.Add(happened)) Line(line);
        if (happened is StepChanged changed) Step(changed.Step);
        if (happened is BuildWarning warning) output.Say($"warning: {warning.Text}");
    }

    /// <summary>Lines that never got an end, of a build that did not complete.</summary>
    public void Rest()
    {
        foreach (var line in _lines.Rest()) Line(line);
    }

    /// <summary>What a step said last.</summary>
    public IEnumerable<string> LastLines(string? step) => step is not null && _lastLines.TryGetValue(step, out var lines) ? lines : [];

    private void Step(BuildStep step)
    {
        _reason.Note(step);
        // The daemon's own work is of no interest unless it fails.
        if (step.IsInternal && step.State != BuildStepState.Failed) return;
        // A project's first build has no cache to find; a later one that misses it is slower, and says so by its steps.
        if (step.Name.StartsWith("importing cache manifest from ", StringComparison.Ordinal)) return;
        if (StateOf(step) is not { } state) return;
        var before = _told.GetValueOrDefault(step.Digest);
        var change = new StepChange
        {
            Name = BuildFailure.Readable(step.Name),
            State = state,
            Duration = state == StepState.Running ? null : step.Duration,
            Why = before?.Why ?? (state is StepState.Running or StepState.Done ? _reason.Of(step, NameOf) : null),
        };
        if (change == before) return;
        // A step that was stopped before it began is none that anybody saw.
        if (state == StepState.Canceled && before is null) return;
        _told[step.Digest] = change;
        output.Step(NameOf(step), Text(step, change, isNew: before is null), change);
    }

    private static StepState? StateOf(BuildStep step) => step.State switch
    {
        BuildStepState.Running => StepState.Running,
        BuildStepState.Cached => StepState.Cached,
        BuildStepState.Done => StepState.Done,
        BuildStepState.Failed => step.IsCanceled ? StepState.Canceled : StepState.Failed,
        _ => null,
    };

    private string Text(BuildStep step, StepChange change, bool isNew)
    {
        var name = isNew || change.State == StepState.Failed ? change.Name : NameOf(step);
        var why = isNew && change.Why is { } reason ? $" — not cached: {reason}" : "";
        var took = change.Duration is { } duration ? string.Create(CultureInfo.InvariantCulture, $" — {duration.TotalSeconds:0.0} s") : "";
        return change.State switch
        {
            StepState.Running => $"▶ {name}{why}",
            StepState.Cached => $"✓ {name} — cached",
            StepState.Done => $"✓ {name}{took}{why}",
            StepState.Canceled => $"◼ {name}{took} — stopped",
            _ => $"✗ {name} — {BuildFailure.Reason(step.Error ?? "")}",
        };
    }

    private string NameOf(BuildStep step) => _names.Of(step.Digest, step.Name);

    private void Line(StepLine line)
    {
        Keep(line);
        var name = NameOf(line.Step);
        output.Line(line.IsError ? BuildLogStream.Err : BuildLogStream.Out, name, line.Text);
        if (!line.IsClipNotice || !_clipped.Add(line.Step.Digest)) return;
        output.Say("the daemon dropped what this step printed from here on; to keep all of it, start the daemon with " +
            "BUILDKIT_STEP_LOG_MAX_SIZE=1073741824 and BUILDKIT_STEP_LOG_MAX_SPEED=1073741824 in its environment (under systemd: systemctl edit docker)", name);
    }

    private void Keep(StepLine line)
    {
        if (!_lastLines.TryGetValue(line.Step.Name, out var lines)) _lastLines[line.Step.Name] = lines = new();
        lines.Enqueue(line.Text.Length <= KeptLength ? line.Text : line.Text[..KeptLength]);
        if (lines.Count > Kept) lines.Dequeue();
    }
}
