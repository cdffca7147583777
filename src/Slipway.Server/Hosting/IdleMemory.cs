namespace Slipway.Server.Hosting;

/// <summary>
/// Gives memory back to the machine once work is over. The collector runs when somebody allocates; after a build nobody does, and what it left would stay
/// for as long as the server idles, which on a small machine is most of its life.
/// </summary>
internal sealed class IdleMemory(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    // Between builds: requests of a dashboard that is open, and the reconciler's own looks.
    private const long Quiet = 24 << 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (before, sinceTrim) = (0L, 0L);
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var allocated = GC.GetTotalAllocatedBytes();
                var recently = allocated - before;
                before = allocated;
                sinceTrim += recently;
                // Idle since the last time: there is little to win, and it costs some milliseconds of everybody's.
                if (recently > Quiet || sinceTrim < Quiet) continue;
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                sinceTrim = 0;
            }
        }
        catch (OperationCanceledException)
        {
            // Shutting down.
        }
    }
}
