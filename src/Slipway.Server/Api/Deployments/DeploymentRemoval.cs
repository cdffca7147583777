using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Core.Projects;
using Slipway.Core.RuntimeLogs;
using Slipway.Server.Hosting;

namespace Slipway.Server.Api.Deployments;

/// <summary>Takes a deployment or a whole project away: routes first, then the instance, then the image; a project's data last.</summary>
internal sealed class DeploymentRemoval(
    IDeploymentStore deployments, IProjectStore projects, IContainerRuntime runtime, IVolumes volumes, IRuntimeLog logs, IImageRegistry registry, RoutePublisher routes, WaysOut ways,
    IOptions<RuntimeOptions> options, SlipwayHome home, ILogger<DeploymentRemoval> log)
{
    /// <summary>The production host of its project is then nobody's until the next deployment is ready.</summary>
    public async Task RemoveAsync(Deployment d, CancellationToken ct)
    {
        await RetireAsync(d, ct);
        await projects.UpdateAsync(d.Project, p => p.Production == d.Id ? p with { Production = null } : p, ct);
        using var system = Core.Tenancy.TeamScope.EnterSystem();
        await UnrouteAsync(ct);
        await CleanAsync(d, ct);
        if (d.Source.Upload is { } upload && !await IsUsedAsync(upload, d, ct)) DeleteUpload(upload);
    }

    public async Task RemoveAsync(Project project, CancellationToken ct)
    {
        var all = await deployments.ListAsync(new DeploymentQuery { Project = project.Id, Limit = 100_000 }, ct);
        foreach (var d in all) await RetireAsync(d, ct);
        await projects.RemoveAsync(project.Id, ct);
        using var system = Core.Tenancy.TeamScope.EnterSystem();
        await UnrouteAsync(ct);
        foreach (var d in all)
        {
            await CleanAsync(d, ct);
            if (d.Source.Upload is { } upload) DeleteUpload(upload);
        }

        if (project.Ways.Count > 0) await ways.PublishAsync(ct);
        foreach (var volume in project.Volumes) await volumes.RemoveAsync(project.Id, volume.Name, ct);
    }

    private async Task RetireAsync(Deployment d, CancellationToken ct)
    {
        await deployments.ApplyAsync(d.Id, new CancelRequested("rm"), ct);
        await deployments.ApplyAsync(d.Id, new Retired(EndReason.Removed), ct);
    }

    /// <summary>An edge that is down routes nobody; the reconciler tells it when it is back.</summary>
    private async Task UnrouteAsync(CancellationToken ct)
    {
        try
        {
            await routes.PublishAsync(ct);
        }
        catch (RouterDownException e)
        {
            log.EdgeIsDown(e);
        }
    }

    private async Task CleanAsync(Deployment d, CancellationToken ct)
    {
        await runtime.RemoveAsync(InstanceId.Of(d.Id), options.Value.StopGrace, ct);
        logs.Remove(d.Id);
        if (d.Revision is not { } revision) return;
        try
        {
            await registry.RemoveAsync(revision.ImageName, ct);
        }
        catch (RegistryAwayException e)
        {
            log.ImageIsLeft(e, revision.ImageName);
        }
    }

    /// <summary>A redeployment builds from the same upload, perhaps later.</summary>
    private async Task<bool> IsUsedAsync(UploadId upload, Deployment except, CancellationToken ct) =>
        (await deployments.ListAsync(new DeploymentQuery { Project = except.Project, Limit = 100_000 }, ct))
            .Any(d => d.Id != except.Id && d.Source.Upload == upload && d.State != DeploymentState.Ended);

    private void DeleteUpload(UploadId upload) => File.Delete(Path.Combine(home.Uploads, $"{upload}.tar.gz"));
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "the image {Image} is left for now: no deployment needs it, and it goes when the disk is looked after next")]
    public static partial void ImageIsLeft(this ILogger log, Exception e, string image);

    [LoggerMessage(LogLevel.Warning, "the edge is down; what was removed leaves its routes when it is back")]
    public static partial void EdgeIsDown(this ILogger log, Exception e);
}
