using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Queueing;
using Slipway.Core.Tenancy;

namespace Slipway.Nats.Control;

/// <summary>
/// What the store has as building while the server has neither its job nor a result of it (a NATS server that lost its disk, a job taken
/// out by hand) is queued again. Looked at twice, for a result takes a moment from one place to the other.
/// </summary>
internal sealed class LostBuilds(NatsLink link, IDeploymentStore deployments, TimeProvider time, ILogger<LostBuilds> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);
    private HashSet<(DeploymentId, int)> _suspects = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var system = TeamScope.EnterSystem();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(Every, time, stoppingToken));
            try
            {
                if (!stoppingToken.IsCancellationRequested) await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.SweepFailed(e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    internal async Task LookAsync(CancellationToken ct)
    {
        var missing = new HashSet<(DeploymentId, int)>();
        foreach (var d in await deployments.ListAsync(new DeploymentQuery { States = [DeploymentState.Building], Limit = 1000 }, ct))
        {
            if (await link.HoldsAsync(link.Subjects.JobStream, link.Subjects.Job(new Job(d.Id).Id), ct) || await link.HoldsAsync(link.Subjects.ResultStream, link.Subjects.Result(d.Id), ct)) continue;
            if (!_suspects.Contains((d.Id, d.Attempt)))
            {
                missing.Add((d.Id, d.Attempt));
                continue;
            }

            log.BuildLost(d.Id);
            await deployments.ApplyAsync(d.Id, new BuildInterrupted(d.Attempt, "its worker and its job are gone"), ct);
        }

        _suspects = missing;
    }
}
