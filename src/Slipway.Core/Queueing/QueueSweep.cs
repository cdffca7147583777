using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Core.Deployments;
using Slipway.Core.Tenancy;

namespace Slipway.Core.Queueing;

/// <summary>
/// Rings the bell again for every queued deployment without a job, so that a crash between the two writes heals itself.
/// </summary>
public sealed class QueueSweep(IDeploymentStore deployments, IWorkQueue queue, TimeProvider time, ILogger<QueueSweep> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var system = TeamScope.EnterSystem();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.SweepFailed(e);
            }

            await Task.WhenAny(Task.Delay(Period, time, stoppingToken));
        }
    }

    public async Task SweepAsync(CancellationToken ct)
    {
        foreach (var d in await deployments.ListAsync(new DeploymentQuery { States = [DeploymentState.Queued], Limit = 1000 }, ct))
        {
            await queue.EnqueueAsync(new Job(d.Id), ct);
        }
    }

    /// <summary>
    /// Called before any worker starts. With the embedded queue this process is the only worker,
    /// so what is building at its start is building nowhere.
    /// </summary>
    public async Task TakeBackAsync(CancellationToken ct)
    {
        using var system = TeamScope.EnterSystem();
        foreach (var d in await deployments.ListAsync(new DeploymentQuery { States = [DeploymentState.Building], Limit = 1000 }, ct))
        {
            await deployments.ApplyAsync(d.Id, new BuildInterrupted(d.Attempt, "the server was stopped while it was building"), ct);
        }
    }
}
