namespace Slipway.Core.Pipeline.Building;

/// <summary>Ends one build early for a reason of its own: its time, its output, the disk. The first reason counts.</summary>
internal sealed class BuildStop : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop;
    private readonly ITimer _timer;
    private Failure? _reason;
    private bool _isOver;

    public BuildStop(TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _timer = time.CreateTimer(_ => Because(TimedOut(limit)), null, limit, Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>Null while nothing of the build's own ended it.</summary>
    public Failure? Reason => _reason;

    public void Because(Failure reason)
    {
        lock (_lock)
        {
            if (_isOver || _reason is not null) return;
            _reason = reason;
            // Not on the caller's thread: it may be the one that tells the build's lines.
            _ = _stop.CancelAsync();
        }
    }

    /// <summary>The build is over: what watches it ends.</summary>
    public void End()
    {
        lock (_lock) _isOver = true;
        _stop.Cancel();
    }

    public void Dispose()
    {
        _timer.Dispose();
        _stop.Dispose();
    }

    private static Failure TimedOut(TimeSpan limit) => new("build.timeout", $"the build took longer than {limit.TotalMinutes:0.#} minutes and was stopped",
        "make it faster, or raise Slipway:Pipeline:BuildTimeout");
}
