using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Launching;

/// <summary>What a roll back would bring back.</summary>
/// <param name="From">What holds production now.</param>
/// <param name="WasProductionAt">When it last became production; null when it never was.</param>
public sealed record Rollback(Deployment? From, Deployment To, DateTimeOffset? WasProductionAt, RollbackDifference Difference);

/// <summary>Finds out where a roll back goes and what differs there; changes nothing.</summary>
public sealed class Rollbacks(IProjectStore projects, IDeploymentStore deployments, IContainerRuntime runtime)
{
    /// <param name="named">Null: what was production before and can still serve.</param>
    public async Task<Outcome<Rollback>> ConsiderAsync(Project project, Deployment? named, CancellationToken ct)
    {
        if (named is not null && named.Project != project.Id)
            return new Failure("rollback.other_project", $"{named.Id} belongs to the project {named.ProjectName}, not to {project.Name}", $"choose one of: slipway ls {project.Name}");
        if (named is not null && named.Id == project.Production)
            return new Failure("rollback.already", $"{named.Id} is the production of {project.Name} already", $"choose an older one of: slipway ls {project.Name}");
        if ((named ?? await BeforeAsync(project, ct)) is not { } to)
            return new Failure("rollback.nothing_before", $"nothing that can still serve was the production of {project.Name} before", $"name a ready one of: slipway ls {project.Name}");

        var from = project.Production is { } id ? await deployments.FindAsync(id, ct) : null;
        var instances = await runtime.ListAsync(ct);
        var variables = await projects.EnvironmentAsync(project.Id, null, ct);
        var difference = RollbackDifference.Of(from is null ? null : With(from), With(to), variables);
        if (project.Volumes.Count > 0) difference = difference with { Other = [.. difference.Other, $"the data in {string.Join(", ", project.Volumes.Select(v => v.Path))} stays as it is now: one stops, then the other starts with it"] };
        return new Rollback(from, to, ProductionHistory.LastAt(project, to.Id), difference);

        (Deployment, EnvironmentTarget) With(Deployment d) =>
            (d, ProjectEnvironment.StartedWith(d, project, instances.FirstOrDefault(i => i.Deployment == d.Id)?.StartedAt));
    }

    private async Task<Deployment?> BeforeAsync(Project project, CancellationToken ct)
    {
        foreach (var id in ProductionHistory.Before(project))
        {
            if (await deployments.FindAsync(id, ct) is { State: DeploymentState.Ready } before) return before;
        }

        return null;
    }
}
