using System.Globalization;
using BuildKit.Client;
using Slipway.Core.BuildLogs;

namespace Slipway.BuildKit;

/// <summary>Tells a build's steps and their lines in the deployment's log.</summary>
internal sealed class LogProgress(IBuildOutput output)
{
    private const int Kept = 200;
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);
    private readonly StepLines _lines = new();
    private readonly Dictionary<string, Queue<string>> _lastLines = new(StringComparer.Ordinal);

    public void Tell(BuildEvent happened)
    {
        Lines(_lines.Add(happened));
        if (happened is StepChanged changed) Step(changed.Step);
        if (happened is BuildWarning warning) output.Say($"warning: {warning.Text}");
    }

    /// <summary>Lines that never got an end, of a build that did not complete.</summary>
    public void Rest() => Lines(_lines.Rest());

    private void Step(BuildStep step)
    {
        // The daemon's own work is of no interest unless it fails.
        if (step.IsInternal && step.State != BuildStepState.Failed) return;
        var name = StepName.Short(step.Name);
        switch (step.State)
        {
            case BuildStepState.Running when _begun.Add(step.Digest):
                output.Say($"▶ {Shown(step)}", name);
                break;
            case BuildStepState.Cached when _begun.Add(step.Digest + "/cached"):
                output.Say($"✓ {Shown(step)} — cached", name);
                break;
            case BuildStepState.Done when _begun.Contains(step.Digest) && _begun.Add(step.Digest + "/done"):
                output.Say(string.Create(CultureInfo.InvariantCulture, $"✓ {name} — {step.Duration?.TotalSeconds:0.0} s"), name);
                break;
            case BuildStepState.Failed when !step.IsCanceled:
                output.Say($"✗ {Shown(step)} — {BuildFailure.Reason(step.Error ?? "")}", name);
                break;
        }
    }

    /// <summary>Without the mounts that Slipway added.</summary>
    private static string Shown(BuildStep step) => BuildFailure.Readable(step.Name);

    /// <summary>What a step said last.</summary>
    public IEnumerable<string> LastLines(string? step) => step is not null && _lastLines.TryGetValue(step, out var lines) ? lines : [];

    private void Lines(IEnumerable<StepLine> lines)
    {
        foreach (var line in lines)
        {
            Keep(line);
            output.Line(line.IsError ? BuildLogStream.Err : BuildLogStream.Out, StepName.Short(line.Step.Name), line.Text);
        }
    }

    private void Keep(StepLine line)
    {
        if (!_lastLines.TryGetValue(line.Step.Name, out var lines)) _lastLines[line.Step.Name] = lines = new();
        lines.Enqueue(line.Text);
        if (lines.Count > Kept) lines.Dequeue();
    }
}
