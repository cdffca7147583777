using Slipway.Core;
using Slipway.Core.Deployments;

namespace Slipway.Server.Api.Deployments;

/// <summary>Whose lines are wanted.</summary>
/// <param name="Deployment">Null: of all of the project.</param>
internal sealed record RuntimeLogTarget(ProjectId Project, string ProjectName, Deployment? Deployment);

/// <summary>The deployments behind the lines of a runtime log, as far as who asks may see them.</summary>
internal sealed class RuntimeLogAuthors(IDeploymentStore deployments)
{
    private static readonly DeploymentState[] MayPrint = [DeploymentState.Deploying, DeploymentState.Ready];

    /// <summary>Where nothing is stored: null when something may still come.</summary>
    public async Task<Failure?> WhyNoneAsync(RuntimeLogTarget target, CancellationToken ct)
    {
        if (target.Deployment is { } d)
            return MayPrint.Contains(d.State) ? null : new Failure("runtime.no_instance", $"no app of deployment {d.Hash} runs or ran, so nothing was printed", $"what its build said: slipway logs {d.Hash}");
        var there = await deployments.ListAsync(new DeploymentQuery { Project = target.Project, States = DeploymentStates.There, Limit = 1 }, ct);
        return there.Count > 0 ? null : new Failure("runtime.no_instance", $"{target.ProjectName} has no deployments, so nothing was printed", "deploy it: slipway deploy DIR");
    }

    public async Task<Dictionary<DeploymentId, string>> HashesAsync(ProjectId project, CancellationToken ct) =>
        (await deployments.ListAsync(new DeploymentQuery { Project = project, States = DeploymentStates.There, Limit = 10_000 }, ct)).ToDictionary(d => d.Id, d => d.Hash);

    /// <summary>Of one that came since, or has ended.</summary>
    public async Task<string> HashAsync(DeploymentId id, CancellationToken ct) => await deployments.FindAsync(id, ct) is { } d ? d.Hash : "";

    /// <summary>Returns when nothing more will be printed, or at the token.</summary>
    public async Task UntilOverAsync(RuntimeLogTarget target, CancellationToken ct)
    {
        try
        {
            // Subscribed before the look.
            var changes = deployments.WatchAsync(ct);
            if (await IsOverAsync(target, ct)) return;
            await foreach (var d in changes)
            {
                if (d.Project == target.Project && (target.Deployment is null || target.Deployment.Id == d.Id) && await IsOverAsync(target, ct)) return;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The reader left.
        }
    }

    private async Task<bool> IsOverAsync(RuntimeLogTarget target, CancellationToken ct) => target.Deployment is { } d
        ? await deployments.FindAsync(d.Id, ct) is not { } now || !MayPrint.Contains(now.State)
        : (await deployments.ListAsync(new DeploymentQuery { Project = target.Project, States = DeploymentStates.There, Limit = 1 }, ct)).Count == 0;
}
