using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Queueing;
using Slipway.Core.Tenancy;
using Slipway.Nats;
using Slipway.Store;

namespace Slipway.Server.Hosting;

/// <summary>What must be done before anything listens or works: schema, left-over work folders, interrupted builds.</summary>
internal static class ControlPlaneStart
{
    /// <summary>Only the newest can have been on their way when the server died.</summary>
    private const int LogsLookedAt = 50;

    /// <summary>A worker's last lines and its word that they are the last.</summary>
    private static readonly TimeSpan OnTheirWay = TimeSpan.FromMinutes(10);

    public static async Task PrepareAsync(IServiceProvider services, CancellationToken ct)
    {
        var home = services.GetRequiredService<SlipwayHome>();
        foreach (var left in Directory.EnumerateDirectories(home.Work)) Directory.Delete(left, recursive: true);
        await services.GetRequiredService<StoreMigrator>().MigrateAsync(ct);
        await services.GetRequiredService<WaysOut>().WriteAsync(ct);
        // Workers of their own go on building while this process is away, and their jobs come again when they do not.
        if (services.GetService<NatsStart>() is { } nats) await nats.ControlAsync(ct);
        else await TakeBackAsync(services, ct);
        var linesComeLater = services.GetService<NatsStart>() is not null;
        await CloseLogsAsync(services.GetRequiredService<IDeploymentStore>(), services.GetRequiredService<IBuildLog>(), linesComeLater ? services.GetRequiredService<TimeProvider>().GetUtcNow() - OnTheirWay : null, ct);
    }

    private static async Task TakeBackAsync(IServiceProvider services, CancellationToken ct)
    {
        await services.GetRequiredService<QueueSweep>().TakeBackAsync(ct);
        await services.GetRequiredService<EmbeddedLeases>().ReleaseAsync(ct);
    }

    /// <summary>A server killed between a deployment's end and its log's leaves followers waiting for ever; closing twice does nothing.</summary>
    /// <param name="before">A failed one that ended later may have lines on the NATS server still; null: none can.</param>
    private static async Task CloseLogsAsync(IDeploymentStore deployments, IBuildLog log, DateTimeOffset? before, CancellationToken ct)
    {
        using var system = TeamScope.EnterSystem();
        var ended = await deployments.ListAsync(new DeploymentQuery { States = [DeploymentState.Ready, DeploymentState.Error, DeploymentState.Canceled], Limit = LogsLookedAt }, ct);
        foreach (var d in ended.Where(d => before is null || d.State == DeploymentState.Ready || d.FinishedAt < before)) await log.CompleteAsync(d.Id, ct);
    }
}
