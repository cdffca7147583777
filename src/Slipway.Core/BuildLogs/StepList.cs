using System.Globalization;

namespace Slipway.Core.BuildLogs;

/// <summary>A build step as it is now.</summary>
/// <param name="Step">Its identity within the log: <see cref="BuildLogLine.Step"/> of its lines.</param>
/// <param name="Duration">Null while it runs, and for what ended without saying.</param>
public sealed record BuildStepRecord(string Step, string Name, StepState State, DateTimeOffset At, TimeSpan? Duration, string? Why)
{
    /// <summary><c>build 3/7</c> is the third of seven in stage <c>build</c>; <c>3/7</c> is of the only stage; all else has no place.</summary>
    public (string? Stage, int Number, int Total)? Place
    {
        get
        {
            var at = Step.LastIndexOf(' ');
            var slash = Step.IndexOf('/', at + 1);
            if (slash < 0 || !int.TryParse(Step.AsSpan(at + 1, slash - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
            if (!int.TryParse(Step.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var total)) return null;
            return (at < 0 ? null : Step[..at], number, total);
        }
    }
}

/// <summary>Folds the changes that a log told into the steps as they stand. Pure.</summary>
public static class StepList
{
    /// <param name="changes">Lines of the log, in order; those without a change do not matter.</param>
    /// <param name="attempt">Whose steps; an earlier attempt's are history.</param>
    /// <param name="isOver">Nothing is built any more: what never told its end was stopped.</param>
    /// <returns>In the order in which they began.</returns>
    public static IReadOnlyList<BuildStepRecord> Of(IEnumerable<BuildLogLine> changes, int attempt, bool isOver)
    {
        var order = new List<string>();
        var steps = new Dictionary<string, BuildStepRecord>(StringComparer.Ordinal);
        foreach (var line in changes)
        {
            if (line is not { Step: { } step, Change: { } change } || change.Attempt != attempt) continue;
            if (!steps.TryGetValue(step, out var before)) order.Add(step);
            steps[step] = new BuildStepRecord(step, change.Name, change.State, before?.At ?? line.At, change.Duration, change.State == StepState.Cached ? null : change.Why ?? before?.Why);
        }

        return [.. order.Select(step => steps[step]).Select(s => isOver && s.State == StepState.Running ? s with { State = StepState.Canceled } : s)];
    }
}
