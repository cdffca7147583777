using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Projects;

namespace Slipway.Core.Queueing;

/// <summary>Claims straight from the store, for a worker that has it at hand.</summary>
public sealed class StoreClaims(IDeploymentStore deployments, IProjectStore projects, IBuildLog buildLog) : IBuildClaims
{
    public async Task<ClaimedBuild?> ClaimAsync(Lease lease, string worker, CancellationToken ct)
    {
        if (await deployments.FindAsync(lease.Job.Deployment, ct) is not { } d) return null;
        var attempt = d.State == DeploymentState.Queued ? Math.Max(lease.Attempt, d.Attempt + 1) : lease.Attempt;
        return await deployments.ApplyAsync(d.Id, new BuildStarted(attempt, worker), ct) is { } claimed ? await EquipAsync(claimed, ct) : null;
    }

    /// <summary>What a worker gets along with the deployment.</summary>
    public async Task<ClaimedBuild> EquipAsync(Deployment d, CancellationToken ct)
    {
        if (await projects.FindAsync(d.Project, ct) is not { } project) return new ClaimedBuild(d, null, []);
        return new ClaimedBuild(d, project, [.. ProjectEnvironment.For(ProjectEnvironment.TargetOf(d, project), await projects.EnvironmentAsync(d.Project, null, ct))]);
    }

    public Task ReportAsync(ClaimedBuild build, DeploymentEvent happened, CancellationToken ct) => deployments.ApplyAsync(build.Deployment.Id, happened, ct);

    public async Task CloseAsync(ClaimedBuild build, CancellationToken ct)
    {
        if (await deployments.FindAsync(build.Deployment.Id, ct) is { State: DeploymentState.Error or DeploymentState.Canceled or DeploymentState.Ended })
        {
            await buildLog.CompleteAsync(build.Deployment.Id, ct);
        }
    }

    public async Task<bool> UntilUnwantedAsync(ClaimedBuild build, CancellationToken ct)
    {
        var d = build.Deployment;
        var changes = deployments.WatchAsync(ct);
        if (await deployments.FindAsync(d.Id, ct) is not { } now || now.State.IsFinal()) return false;
        await foreach (var change in changes)
        {
            if (change.Id == d.Id && (change.State.IsFinal() || change.Attempt != d.Attempt)) return change.Attempt != d.Attempt;
        }

        return false;
    }
}
