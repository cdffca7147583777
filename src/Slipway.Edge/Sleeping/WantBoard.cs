namespace Slipway.Edge.Sleeping;

/// <summary>Numbers the wants, so that the control plane, which asks and waits, is told of each once.</summary>
internal sealed class WantBoard(TimeProvider time)
{
    private readonly Lock _one = new();

    // Another than before a restart.
    private long _number = time.GetUtcNow().UtcTicks;
    private long _noted;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many there were.</summary>
    public long Noted
    {
        get
        {
            lock (_one) return _noted;
        }
    }

    /// <summary>The sleeper has just been wanted for the first time.</summary>
    public void Note(Sleeper sleeper)
    {
        TaskCompletionSource told;
        lock (_one)
        {
            sleeper.WantNumber = ++_number;
            _noted++;
            (told, _next) = (_next, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        told.SetResult();
    }

    /// <summary>Returns when the number is another than <paramref name="known"/>, or after <paramref name="patience"/>. All wants up to it have theirs.</summary>
    public async Task<long> AfterAsync(long known, TimeSpan patience, CancellationToken ct)
    {
        var (number, next) = Read();
        if (number != known) return number;

        using var timer = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        await next.WaitAsync(both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Read().Number;
    }

    private (long Number, Task Next) Read()
    {
        lock (_one) return (_number, _next.Task);
    }
}
