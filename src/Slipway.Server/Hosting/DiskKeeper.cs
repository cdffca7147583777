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
    private readonly SemaphoreSlim _bell = new(1);

    /// <summary>Something may have ended: looked at now, not at the next turn of the clock.</summary>
    public void LookSoon()
    {
        // One turn that waits is enough, however many ring.
        if (_bell.CurrentCount == 0) _bell.Release();
    }

    public override void Dispose()
    {
        base.Dispose();
        _bell.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var system = TeamScope.EnterSystem();
        var watch = WatchAsync(stoppingToken);
        var isUnfinished = false;
        Task? bell = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            // One waiter at a time: one that was given up would swallow the next ring.
            bell ??= _bell.WaitAsync(stoppingToken);
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

    private async Task WatchAsync(CancellationToken ct)
    {
        await foreach (var d in deployments.WatchAsync(ct))
        {
            if (d.State.IsFinal() && d.State != DeploymentState.Ended) LookSoon();
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "the disk could not be looked after; it is tried again")]
    public static partial void DiskUnkept(this ILogger log, Exception e);
}
