using Microsoft.Extensions.Time.Testing;

namespace Slipway.Testing;

/// <summary>
/// A clock that moves only when told, and that knows whether somebody waits by it: what waits behind a real database is not yet
/// asleep when the call has returned, and a clock that moved before would leave it waiting for ever.
/// </summary>
public sealed class WatchedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Lock _gate = new();
    private int _armed;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var watched = new Watched(this);
        watched.Arm();
        watched.Inner = base.CreateTimer(s =>
        {
            watched.Disarm();
            callback(s);
        }, state, dueTime, period);
        return watched;
    }

    /// <summary>Until something waits by this clock, or <paramref name="waiting"/> has ended without.</summary>
    public async Task AsleepAsync(Task waiting)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_armed > 0) return;
                changed = _changed.Task;
            }

            if (await Task.WhenAny(changed, waiting).WaitAsync(Contracts.Awaiting.Patience) == waiting) return;
        }
    }

    private void Count(int change)
    {
        lock (_gate)
        {
            _armed += change;
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private sealed class Watched(WatchedTime time) : ITimer
    {
        private int _isArmed;

        public ITimer? Inner { get; set; }

        public void Arm()
        {
            if (Interlocked.Exchange(ref _isArmed, 1) == 0) time.Count(1);
        }

        public void Disarm()
        {
            if (Interlocked.Exchange(ref _isArmed, 0) == 1) time.Count(-1);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Arm();
            return Inner?.Change(dueTime, period) == true;
        }

        public void Dispose()
        {
            Disarm();
            Inner?.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
