using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.Pipeline;
using Slipway.Core.Tenancy;

namespace Slipway.Core.Queueing;

/// <summary>Leases jobs and builds them, as many at once as configured; at shutdown it lets builds finish for a while, then hands them back.</summary>
public sealed class PipelineWorker(IWorkQueue queue, DeploymentBuild build, IOptions<PipelineOptions> options, TimeProvider time, ILogger<PipelineWorker> log, WorkerMetrics? metrics = null)
    : BackgroundService
{
    private readonly string _name = $"{Environment.MachineName}:{Environment.ProcessId}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var system = TeamScope.EnterSystem();
        using var abandon = new CancellationTokenSource();
        var loops = Enumerable.Range(0, options.Value.Concurrency).Select(_ => LoopAsync(stoppingToken, abandon.Token)).ToArray();
        var all = Task.WhenAll(loops);
        await Task.WhenAny(all, Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken));
        if (await Task.WhenAny(all, Task.Delay(options.Value.DrainTimeout, time, CancellationToken.None)) != all) await abandon.CancelAsync();
        await all;
    }

    private async Task LoopAsync(CancellationToken stopLeasing, CancellationToken abandon)
    {
        while (!stopLeasing.IsCancellationRequested)
        {
            try
            {
                var lease = await queue.LeaseAsync(_name, options.Value.LeaseDuration, stopLeasing);
                await HoldAsync(lease, abandon);
            }
            catch (OperationCanceledException) when (stopLeasing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.WorkerFaulted(e);
                await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(1), time, stopLeasing));
            }
        }
    }

    /// <summary>Builds under a heartbeat; a lost lease cancels the build.</summary>
    private async Task HoldAsync(Lease lease, CancellationToken abandon)
    {
        using var held = CancellationTokenSource.CreateLinkedTokenSource(abandon);
        using var done = new CancellationTokenSource();
        var heart = BeatAsync(lease, held, done.Token);
        LeaseDecision? decision = null;
        metrics?.Took();
        try
        {
            decision = await build.RunAsync(lease, _name, held.Token);
            await (decision switch
            {
                LeaseDecision.Complete => queue.CompleteAsync(lease, CancellationToken.None),
                LeaseDecision.Return r => queue.ReturnAsync(lease, r.Delay, CancellationToken.None),
                LeaseDecision.Bury b => queue.BuryAsync(lease, b.Reason, CancellationToken.None),
                _ => throw new UnreachableException(),
            });
        }
        finally
        {
            metrics?.LetGo(decision);
            await done.CancelAsync();
            await heart;
        }
    }

    private async Task BeatAsync(Lease lease, CancellationTokenSource held, CancellationToken done)
    {
        var every = options.Value.LeaseDuration / 3;
        while (!done.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(every, time, done));
            if (done.IsCancellationRequested) return;
            try
            {
                if (await queue.HeartbeatAsync(lease, options.Value.LeaseDuration, CancellationToken.None)) continue;
                log.LeaseLost(lease.Job.Id, lease.Attempt);
                await held.CancelAsync();
                return;
            }
            catch (Exception e)
            {
                log.HeartbeatFailed(e, lease.Job.Id);
            }
        }
    }
}
