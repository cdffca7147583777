using System.Threading.Channels;

namespace Slipway.Core.BuildLogs;

/// <summary>
/// One attempt's lines on their way into the log: written without waiting, appended in numbered batches by one pump.
/// A batch is sent again until the log has it, so a line is stored once or not yet, never twice.
/// </summary>
public sealed class BuildLogWriter : IBuildOutput, IAsyncDisposable
{
    private const int MaxBatch = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Channel<BuildLogLine> _lines = Channel.CreateUnbounded<BuildLogLine>();
    private readonly IBuildLog _log;
    private readonly DeploymentId _deployment;
    private readonly int _attempt;
    private readonly TimeProvider _time;
    private readonly Task _pump;
    private long _batch;

    /// <param name="firstBatch">Several writers of one attempt need ranges of their own.</param>
    public BuildLogWriter(IBuildLog log, DeploymentId deployment, int attempt, TimeProvider time, long firstBatch = 0)
    {
        (_log, _deployment, _attempt, _time, _batch) = (log, deployment, attempt, time, firstBatch);
        _pump = PumpAsync();
    }

    public void Line(BuildLogStream stream, string? step, string text) =>
        _lines.Writer.TryWrite(new BuildLogLine(0, _time.GetUtcNow(), stream, step, text));

    /// <summary>Everything written so far is in the log when this returns.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _pump;
    }

    private async Task PumpAsync()
    {
        var batch = new List<BuildLogLine>();
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && _lines.Reader.TryRead(out var line)) batch.Add(line);
            await _log.AppendAsync(_deployment, _attempt, _batch++, [.. batch], CancellationToken.None);
            batch.Clear();
            if (!_lines.Reader.Completion.IsCompleted && _lines.Reader.Count < MaxBatch) await Task.WhenAny(Task.Delay(Pause, _time), _lines.Reader.Completion);
        }
    }
}
