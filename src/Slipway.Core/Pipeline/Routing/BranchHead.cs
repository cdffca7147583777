using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Routing;

/// <summary>What a branch's own host leads to: the newest ready deployment of it from a repository.</summary>
public sealed record BranchHead(string Label, string Branch, Deployment Deployment)
{
    public static IReadOnlyList<BranchHead> Of(IReadOnlyList<Project> projects, IEnumerable<Deployment> deployments)
    {
        var ready = deployments.Where(d => d is { State: DeploymentState.Ready, Source: { Kind: SourceKind.Git, Branch.Length: > 0 } }).ToLookup(d => d.Project);
        // Should two labels ever be the same, the older project keeps its own: a table with a host twice would be refused whole.
        return
        [
            .. projects.OrderBy(p => p.CreatedAt).ThenBy(p => p.Name, StringComparer.Ordinal).SelectMany(p => ready[p.Id].GroupBy(d => d.Source.Branch!)
                .OrderBy(branch => branch.Key, StringComparer.Ordinal)
                .Select(branch => new BranchHead(BranchHost.LabelOf(p.Name, branch.Key), branch.Key, branch.MaxBy(d => d.CreatedAt)!))).DistinctBy(head => head.Label),
        ];
    }
}
