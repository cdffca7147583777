using Slipway.Core.Deployments;
using Slipway.Core.Projects;

namespace Slipway.Core.Storage;

/// <summary>Which deployments are over: all but production, what a roll back would go to, the newest ready one of each branch, the last few, and what is on its way. Pure.</summary>
public static class RetentionRule
{
    public static IReadOnlyList<DeploymentId> Ended(IReadOnlyList<Project> projects, IReadOnlyList<Deployment> deployments, int keep)
    {
        var ready = deployments.Where(d => d.State == DeploymentState.Ready).Select(d => d.Id).ToHashSet();
        var production = projects.SelectMany(p => ProductionHistory.Before(p).Where(ready.Contains).Take(1)).Concat(projects.Select(p => p.Production).OfType<DeploymentId>()).ToHashSet();
        return [.. deployments.GroupBy(d => d.Project).SelectMany(project => OfProject([.. project.OrderByDescending(d => d.CreatedAt)], keep)).Where(id => !production.Contains(id))];
    }

    private static IEnumerable<DeploymentId> OfProject(IReadOnlyList<Deployment> newestFirst, int keep)
    {
        var there = newestFirst.Where(d => d.State != DeploymentState.Ended).ToList();
        var ready = there.Where(d => d.State == DeploymentState.Ready).ToList();
        // A row of failures pushes out nothing that serves.
        var kept = there.Where(d => !d.State.IsFinal()).Concat(there.Take(keep)).Concat(ready.Take(keep))
            .Concat(ready.Where(d => d.Source.Branch is not null).DistinctBy(d => d.Source.Branch)).Select(d => d.Id).ToHashSet();
        return there.Where(d => !kept.Contains(d.Id)).Select(d => d.Id);
    }
}
