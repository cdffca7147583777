using System.Globalization;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Tenancy;

namespace Slipway.Nats.Control;

/// <summary>Tells workers at once which attempts nobody wants any more. Who misses it finds out when it asks.</summary>
internal sealed class CancelBroadcast(NatsLink link, IDeploymentStore deployments, ILogger<CancelBroadcast> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var system = TeamScope.EnterSystem();
        await foreach (var d in deployments.WatchAsync(stoppingToken))
        {
            if (!d.State.IsFinal() && d.State != DeploymentState.Building) continue;
            var wanted = d.State.IsFinal() ? "" : d.Attempt.ToString(CultureInfo.InvariantCulture);
            try
            {
                await link.Connection.PublishAsync(link.Subjects.Cancel(d.Id), Encoding.ASCII.GetBytes(wanted), cancellationToken: stoppingToken);
            }
            catch (Exception e) when (e is NatsException or OperationCanceledException)
            {
                if (!stoppingToken.IsCancellationRequested) log.NotSent("that it is over", d.Id, e.Message);
            }
        }
    }
}
