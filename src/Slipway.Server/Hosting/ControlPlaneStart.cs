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

    public static async Task PrepareAsync(IServiceProvider services, CancellationToken ct)
    {
        var home = services.GetRequiredService<SlipwayHome>();
        foreach (var left in Directory.EnumerateDirectories(home.Work)) Directory.Delete(left, recursive: true);
        await services.GetRequiredService<StoreMigrator>().MigrateAsync(ct);
        // Workers of their own go on building while this process is away, and their jobs come again when they do not.
        if (services.GetService<NatsStart>() is { } nats) await nats.ControlAsync(ct);
        else await services.GetRequiredService<QueueSweep>().TakeBackAsync(ct);
        if (services.GetService<NatsStart>() is null) await CloseLogsAsync(services.GetRequiredService<IDeploymentStore>(), services.GetRequiredService<IBuildLog>(), ct);
    }

    /// <summary>A server killed between a deployment's end and its log's leaves followers waiting for ever; closing twice does nothing.</summary>
    private static async Task CloseLogsAsync(IDeploymentStore deployments, IBuildLog log, CancellationToken ct)
    {
        using var system = TeamScope.EnterSystem();
        var ended = await deployments.ListAsync(new DeploymentQuery { States = [DeploymentState.Ready, DeploymentState.Error, DeploymentState.Canceled], Limit = LogsLookedAt }, ct);
        foreach (var d in ended) await log.CompleteAsync(d.Id, ct);
    }
}
