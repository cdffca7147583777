namespace Contract.Tests.Routing;

/// <summary>How far live managed memory rose above its start: a held body would be live and show.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly long _start = GC.GetTotalMemory(forceFullCollection: true);
    private readonly Task _watching;
    private long _peak;

    public MemoryWatch() => _watching = Task.Run(WatchAsync);

    public long Growth => Math.Max(0, Interlocked.Read(ref _peak) - _start);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                _peak = Math.Max(_peak, GC.GetTotalMemory(forceFullCollection: true));
            }
        }
        catch (OperationCanceledException)
        {
            // Seen enough.
        }
    }
}
