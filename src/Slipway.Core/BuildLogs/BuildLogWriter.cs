using System.Threading.Channels;

namespace Slipway.Core.BuildLogs;

/// <summary>
/// One attempt's lines on their way into the log: written without waiting, appended in numbered batches by one pump.
/// A batch is sent again until the log has it, so a line is stored once or not yet, never twice.
/// </summary>
public sealed class BuildLogWriter : IBuildOutput, IAsyncDisposable
{
    // What a batch becomes on its way stays below 85,000 bytes: larger arrays are collected with the oldest generation only.
    private const int MaxBatch = 500;
    private const int MaxBatchLength = 64 * 1024;

    /// <summary>Characters under way above which <see cref="CatchUpAsync"/> waits.</summary>
    private const int Room = 2 * MaxBatchLength;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Channel<BuildLogLine> _lines = Channel.CreateUnbounded<BuildLogLine>();
    private readonly IBuildLogSink _log;
    private readonly DeploymentId _deployment;
    private readonly int _attempt;
    private readonly TimeProvider _time;
    private readonly Task _pump;
    private TaskCompletionSource _appended = Signal();
    private TaskCompletionSource _batchFull = Signal();
    private long _underWay;
    private long _batch;

    /// <param name="firstBatch">Several writers of one attempt need ranges of their own.</param>
    public BuildLogWriter(IBuildLogSink log, DeploymentId deployment, int attempt, TimeProvider time, long firstBatch = 0)
    {
        (_log, _deployment, _attempt, _time, _batch) = (log, deployment, attempt, time, firstBatch);
        _pump = PumpAsync();
    }

    public void Line(BuildLogStream stream, string? step, string text) => Write(new BuildLogLine(0, _time.GetUtcNow(), stream, step, BuildLogLine.Fold(text)));

    public void Step(string step, string text, StepChange change) =>
        Write(new BuildLogLine(0, _time.GetUtcNow(), BuildLogStream.System, step, text) { Change = change with { Attempt = _attempt } });

    public async ValueTask CatchUpAsync(CancellationToken ct)
    {
        while (Interlocked.Read(ref _underWay) > Room)
        {
            var next = Volatile.Read(ref _appended);
            if (Interlocked.Read(ref _underWay) <= Room) return;
            // A pump that ended has failed, and says so here.
            if (await Task.WhenAny(next.Task, _pump).WaitAsync(ct) == _pump) await _pump;
        }
    }

    /// <summary>Everything written so far is in the log when this returns.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _pump;
    }

    private void Write(BuildLogLine line)
    {
        line = line.Cut();
        var underWay = Interlocked.Add(ref _underWay, Cost(line));
        _lines.Writer.TryWrite(line);
        if (underWay >= MaxBatchLength) Volatile.Read(ref _batchFull).TrySetResult();
    }

    private async Task PumpAsync()
    {
        var batch = new List<BuildLogLine>();
        while (await _lines.Reader.WaitToReadAsync())
        {
            var length = 0;
            while (batch.Count < MaxBatch && length < MaxBatchLength && _lines.Reader.TryRead(out var line))
            {
                batch.Add(line);
                length += Cost(line);
            }

            await _log.AppendAsync(_deployment, _attempt, _batch++, [.. batch], CancellationToken.None);
            batch.Clear();
            Interlocked.Add(ref _underWay, -length);
            Interlocked.Exchange(ref _appended, Signal()).TrySetResult();
            await PauseAsync();
        }
    }

    /// <summary>Few lines wait for more, so that a quiet build is not a write a line.</summary>
    private async Task PauseAsync()
    {
        var full = Signal();
        Interlocked.Exchange(ref _batchFull, full);
        if (_lines.Reader.Completion.IsCompleted || Interlocked.Read(ref _underWay) >= MaxBatchLength) return;
        await Task.WhenAny(Task.Delay(Pause, _time), _lines.Reader.Completion, full.Task);
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>An empty line takes room, too.</summary>
    private static int Cost(BuildLogLine line) => line.Text.Length + 64;
}
