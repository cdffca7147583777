using BuildKit.Client.Wire;

namespace BuildKit.Client.Progress;

/// <summary>
/// Turns the daemon's status messages into events. A vertex is repeated many times (queued, started, done, started again): the last
/// message wins, times of several runs add up, and what changes nothing is not told.
/// </summary>
internal sealed class ProgressReducer
{
    private readonly Dictionary<string, StepRecord> _steps = new(StringComparer.Ordinal);

    /// <summary>The step that failed first, if one did.</summary>
    public BuildStep? Failed { get; private set; }

    public BuildStep? Find(string digest) => _steps.TryGetValue(digest, out var step) ? step.Now : null;

    public IEnumerable<BuildEvent> Reduce(StatusResponse status)
    {
        foreach (var vertex in status.Vertexes)
        {
            var step = Of(vertex.Digest);
            if (!step.Update(vertex)) continue;
            if (step.Now is { State: BuildStepState.Failed, IsCanceled: false }) Failed ??= step.Now;
            yield return new StepChanged(step.Now);
        }

        foreach (var s in status.Statuses) yield return new StepTransfer(Of(s.Vertex).Now, s.Name.Length > 0 ? s.Name : s.Id, s.Current, s.Total > 0 ? s.Total : null, s.Completed is not null);
        foreach (var log in status.Logs) yield return new StepOutput(Of(log.Vertex).Now, log.Stream == 2, log.Timestamp?.ToDateTimeOffset() ?? default, log.Msg.Memory);
        foreach (var w in status.Warnings) yield return new BuildWarning(w.Short.ToStringUtf8(), [.. w.Detail.Select(d => d.ToStringUtf8())], w.Url.Length > 0 ? w.Url : null);
    }

    private StepRecord Of(string digest)
    {
        if (!_steps.TryGetValue(digest, out var step)) _steps[digest] = step = new StepRecord(digest, _steps.Count + 1);
        return step;
    }

    private sealed class StepRecord(string digest, int number)
    {
        private readonly Dictionary<DateTimeOffset, TimeSpan> _runs = [];
        private bool _isTold;

        public BuildStep Now { get; private set; } = new() { Digest = digest, Number = number, Name = "" };

        /// <summary>True when it stands differently than before.</summary>
        public bool Update(Vertex vertex)
        {
            var (started, finished) = (vertex.Started?.ToDateTimeOffset(), vertex.Completed?.ToDateTimeOffset());
            if (started is { } from && finished is { } to) _runs[from] = to - from;
            var before = Now;
            Now = before with
            {
                Name = vertex.Name.Length > 0 ? vertex.Name : before.Name,
                State = StateOf(vertex),
                Inputs = vertex.Inputs.Count == before.Inputs.Count ? before.Inputs : [.. vertex.Inputs],
                Started = before.Started ?? started,
                Finished = finished,
                Duration = _runs.Count == 0 ? null : _runs.Values.Aggregate(TimeSpan.Zero, (a, b) => a + b),
                Error = vertex.Error.Length > 0 ? vertex.Error : null,
            };
            var isNews = !_isTold || Now != before;
            _isTold = true;
            return isNews;
        }

        private static BuildStepState StateOf(Vertex vertex) => vertex switch
        {
            { Error.Length: > 0 } => BuildStepState.Failed,
            { Cached: true } => BuildStepState.Cached,
            { Completed: not null } => BuildStepState.Done,
            { Started: not null } => BuildStepState.Running,
            _ => BuildStepState.Pending,
        };
    }
}
