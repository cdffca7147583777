using BuildKit.Client.Wire;

namespace BuildKit.Client.Progress;

/// <summary>
/// Turns the daemon's status messages into steps and lines. A vertex is repeated many times (queued, started, done, started again):
/// the last message wins, times of several runs add up. Log bytes are cut anywhere: they are put together per step and stream.
/// </summary>
internal sealed class ProgressReducer(IBuildProgress progress)
{
    private readonly Dictionary<string, StepRecord> _steps = new(StringComparer.Ordinal);

    /// <summary>The step that failed first, if one did.</summary>
    public BuildStep? Failed { get; private set; }

    public void Add(StatusResponse status)
    {
        foreach (var vertex in status.Vertexes) Add(vertex);
        foreach (var log in status.Logs)
        {
            if (!_steps.TryGetValue(log.Vertex, out var step)) _steps[log.Vertex] = step = new StepRecord(log.Vertex);
            foreach (var line in step.Lines(log.Stream == 2).Add(log.Msg.Span)) progress.Line(step.ToStep(), log.Stream == 2, line);
        }

        foreach (var warning in status.Warnings) progress.Warning(warning.Short.ToStringUtf8());
    }

    /// <summary>Lines without an end come out too.</summary>
    public void Complete()
    {
        foreach (var step in _steps.Values)
        {
            foreach (var isError in new[] { false, true })
            {
                if (step.Lines(isError).Rest() is { } rest) progress.Line(step.ToStep(), isError, rest);
            }
        }
    }

    private void Add(Vertex vertex)
    {
        if (!_steps.TryGetValue(vertex.Digest, out var step)) _steps[vertex.Digest] = step = new StepRecord(vertex.Digest);
        var before = step.ToStep();
        step.Update(vertex);
        var now = step.ToStep();
        if (now.State == BuildStepState.Failed && !IsConsequence(now)) Failed ??= now;
        if (now.State == before.State && now.Name == before.Name) return;
        if (now.State is BuildStepState.Done or BuildStepState.Failed)
        {
            foreach (var isError in new[] { false, true })
            {
                if (step.Lines(isError).Rest() is { } rest) progress.Line(now, isError, rest);
            }
        }

        progress.Step(now);
    }

    /// <summary>Steps that were stopped because another failed say so.</summary>
    private static bool IsConsequence(BuildStep step) => step.Error is { } e && e.Contains("context canceled", StringComparison.Ordinal);

    private sealed class StepRecord(string digest)
    {
        private readonly LineBuffer _out = new();
        private readonly LineBuffer _err = new();
        private readonly Dictionary<DateTime, TimeSpan> _runs = [];
        private string _name = "";
        private Vertex? _last;

        public LineBuffer Lines(bool isError) => isError ? _err : _out;

        public void Update(Vertex vertex)
        {
            _last = vertex;
            if (vertex.Name.Length > 0) _name = vertex.Name;
            if (vertex.Started is { } started && vertex.Completed is { } completed) _runs[started.ToDateTime()] = completed.ToDateTime() - started.ToDateTime();
        }

        public BuildStep ToStep() => new(digest, _name, State, _runs.Count == 0 ? null : _runs.Values.Aggregate(TimeSpan.Zero, (a, b) => a + b), _last is { Error.Length: > 0 } ? _last.Error : null);

        private BuildStepState State => _last switch
        {
            null => BuildStepState.Pending,
            { Error.Length: > 0 } => BuildStepState.Failed,
            { Cached: true } => BuildStepState.Cached,
            { Completed: not null } => BuildStepState.Done,
            { Started: not null } => BuildStepState.Running,
            _ => BuildStepState.Pending,
        };
    }
}
