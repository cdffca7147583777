using Slipway.Core.Deployments;
using Slipway.Core.Domains;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Routing;

/// <summary>Which host means what, computed from the store and what runs. Pure.</summary>
public sealed record RouteRule(string BaseDomain, string? ControlPlane, Func<DeploymentId, string?> DetailsUrl)
{
    public IReadOnlyList<Route> Compute(IReadOnlyList<Project> projects, IReadOnlyList<Deployment> deployments, IReadOnlyList<Domain> domains, Seen seen)
    {
        var byId = deployments.ToDictionary(d => d.Id);
        var owners = projects.ToDictionary(p => p.Id);
        var routes = new List<Route>();
        var again = BuiltAgain(byId);
        foreach (var d in deployments) routes.Add(For($"{d.PreviewLabel}.{BaseDomain}", d.State == DeploymentState.Ended ? again.GetValueOrDefault(d.Id, d) : d, seen, owners));
        foreach (var head in BranchHead.Of(projects, deployments)) routes.Add(For($"{head.Label}.{BaseDomain}", head.Deployment, seen, owners));
        // One that came under the base domain since it was added would be there twice, and the table be refused whole.
        var own = domains.Where(d => !DomainName.IsUnder(d.Host, BaseDomain)).ToLookup(d => d.Project);
        foreach (var p in projects)
        {
            routes.AddRange(own[p.Id].Where(d => d.RedirectTo is not null).Select(d => new Route(d.Host, RouteKind.Redirect, [], null, RedirectTo: d.RedirectTo)));
            var holder = Holder(p, byId, seen) ?? Latest(p, deployments);
            if (holder is null) continue;
            routes.Add(For($"{p.Name}.{BaseDomain}", holder, seen, owners, isProduction: true));
            routes.AddRange(own[p.Id].Where(d => d.RedirectTo is null).Select(d => For(d.Host, holder, seen, owners, isProduction: true)));
        }

        if (ControlPlane is not null) routes.Add(new Route($"slipway.{BaseDomain}", RouteKind.ControlPlane, [ControlPlane], null));
        routes.Sort((a, b) => string.CompareOrdinal(a.Host, b.Host));
        return routes;
    }

    /// <summary>What ended and was built again, perhaps more than once: its address leads to what there is of it now.</summary>
    private static Dictionary<DeploymentId, Deployment> BuiltAgain(IReadOnlyDictionary<DeploymentId, Deployment> byId)
    {
        var again = new Dictionary<DeploymentId, Deployment>();
        foreach (var d in byId.Values.Where(d => d.State != DeploymentState.Ended).OrderBy(d => d.State == DeploymentState.Ready).ThenBy(d => d.CreatedAt))
        {
            for (var before = d.RetryOf; before is { } id && byId.TryGetValue(id, out var first) && first.State == DeploymentState.Ended; before = first.RetryOf) again[id] = d;
        }

        return again;
    }

    /// <summary>
    /// Who has production. The pointer moves once the new one is well, and a moment before that is said; of a server that died in that moment the next one
    /// knows only where the pointer is. Until it has found the new one well again, who served before it does; and for good where the new one then fails.
    /// </summary>
    private static Deployment? Holder(Project p, Dictionary<DeploymentId, Deployment> byId, Seen seen)
    {
        if (p.Production is not { } id || !byId.TryGetValue(id, out var held)) return null;
        if (held.State is not (DeploymentState.Deploying or DeploymentState.Error or DeploymentState.Canceled) || seen.Healthy.Contains(id)) return held;
        return p.ProductionHistory.Reverse().Select(turn => byId.GetValueOrDefault(turn.Deployment)).FirstOrDefault(d => d is { State: DeploymentState.Ready }) ?? held;
    }

    private static Deployment? Latest(Project p, IReadOnlyList<Deployment> deployments) =>
        deployments.Where(d => d.Project == p.Id && d.State != DeploymentState.Ended && d.State != DeploymentState.Ready).MaxBy(d => d.CreatedAt);

    private Route For(string host, Deployment d, Seen seen, Dictionary<ProjectId, Project> owners, bool isProduction = false)
    {
        var owner = owners.GetValueOrDefault(d.Project);
        return (seen.Of(d) with { Host = host, CrawlersWake = owner?.Sleep?.CrawlersWake == true, PasswordHash = owner?.Protection?.HashOf(isProduction) }) switch
        {
            { Kind: RouteKind.App } app => app with { Rules = RulesName.Of(d) },
            { Kind: RouteKind.Asleep or RouteKind.Unavailable } away => away with { DetailsUrl = DetailsUrl(d.Id), Rules = RulesName.Of(d) },
            var page => page with { DetailsUrl = DetailsUrl(d.Id) },
        };
    }
}
