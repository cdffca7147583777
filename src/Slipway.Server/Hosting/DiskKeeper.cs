using Microsoft.Extensions.Options;
using Slipway.Core.Deployments;
using Slipway.Core.Storage;
using Slipway.Core.Tenancy;

namespace Slipway.Server.Hosting;

/// <summary>Looks after the disk: when a deployment ended, and every few minutes.</summary>
internal sealed class DiskKeeper(Retirement retirement, CachePruning pruning, IDeploymentStore deployments, IOptions<StorageOptions> options, TimeProvider time, ILogger<DiskKeeper> log)
    : BackgroundService
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var system = TeamScope.EnterSystem();
        var ended = new SemaphoreSlim(1);
        var watch = WatchAsync(ended, stoppingToken);
        var isUnfinished = false;
        Task? bell = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            // One waiter at a time: one that was given up would swallow the next ring.
            bell ??= ended.WaitAsync(stoppingToken);
            await Task.WhenAny(bell, Task.Delay(isUnfinished ? Soon : options.Value.Every, time, stoppingToken));
            if (stoppingToken.IsCancellationRequested) break;
            // To add up a large store takes the engine a while: not after each deployment.
            var isTime = !bell.IsCompleted && !isUnfinished;
            if (bell.IsCompleted) bell = null;
            try
            {
                isUnfinished = await retirement.RunAsync(stoppingToken);
                if (isTime) await pruning.RunAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.DiskUnkept(e);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await watch;
    }

    private async Task WatchAsync(SemaphoreSlim ended, CancellationToken ct)
    {
        await foreach (var d in deployments.WatchAsync(ct))
        {
            // One turn that waits is enough, however many ended.
            if (d.State.IsFinal() && d.State != DeploymentState.Ended && ended.CurrentCount == 0) ended.Release();
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "the disk could not be looked after; it is tried again")]
    public static partial void DiskUnkept(this ILogger log, Exception e);
}
