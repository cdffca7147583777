namespace Slipway.Edge.Sleeping;

/// <summary>Tells the control plane, which asks and waits, that some sleeper is newly wanted.</summary>
internal sealed class WantBoard(TimeProvider time)
{
    // Another than before a restart.
    private long _number = time.GetUtcNow().UtcTicks;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Note()
    {
        Interlocked.Increment(ref _number);
        Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>Returns when the number is another than <paramref name="known"/>, or after <paramref name="patience"/>.</summary>
    public async Task<long> AfterAsync(long known, TimeSpan patience, CancellationToken ct)
    {
        var next = Volatile.Read(ref _next).Task;
        if (Interlocked.Read(ref _number) == known)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            using var timer = new CancellationTokenSource(patience, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, timer.Token);
            await next.WaitAsync(both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Interlocked.Read(ref _number);
    }
}
