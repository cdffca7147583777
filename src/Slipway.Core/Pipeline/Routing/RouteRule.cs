using System.Globalization;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Routing;

/// <summary>Which host means what, computed from the store and what runs. Pure.</summary>
public sealed record RouteRule(string BaseDomain, string? ControlPlane, Func<DeploymentId, string?> DetailsUrl)
{
    /// <param name="healthy">Deploying ones whose instance answered: routed, so that the edge can be asked.</param>
    public IReadOnlyList<Route> Compute(IReadOnlyList<Project> projects, IReadOnlyList<Deployment> deployments, IReadOnlyCollection<Instance> instances, IReadOnlySet<DeploymentId> healthy)
    {
        var running = instances.Where(i => i is { State: InstanceState.Running, Address: not null }).GroupBy(i => i.Deployment)
            .ToDictionary(g => g.Key, g => g.Select(i => string.Create(CultureInfo.InvariantCulture, $"{i.Address}:{i.Port}")).Order(StringComparer.Ordinal).ToList());
        var byId = deployments.ToDictionary(d => d.Id);
        var routes = new List<Route>();
        foreach (var d in deployments) routes.Add(For($"{d.PreviewLabel}.{BaseDomain}", d, running, healthy));
        foreach (var head in BranchHead.Of(projects, deployments)) routes.Add(For($"{head.Label}.{BaseDomain}", head.Deployment, running, healthy));
        foreach (var p in projects)
        {
            var holder = p.Production is { } id && byId.TryGetValue(id, out var held) ? held : Latest(p, deployments);
            if (holder is not null) routes.Add(For($"{p.Name}.{BaseDomain}", holder, running, healthy));
        }

        if (ControlPlane is not null) routes.Add(new Route($"slipway.{BaseDomain}", RouteKind.ControlPlane, [ControlPlane], null));
        routes.Sort((a, b) => string.CompareOrdinal(a.Host, b.Host));
        return routes;
    }

    private static Deployment? Latest(Project p, IReadOnlyList<Deployment> deployments) =>
        deployments.Where(d => d.Project == p.Id && d.State != DeploymentState.Ended && d.State != DeploymentState.Ready).MaxBy(d => d.CreatedAt);

    private Route For(string host, Deployment d, Dictionary<DeploymentId, List<string>> running, IReadOnlySet<DeploymentId> healthy)
    {
        var mayServe = d.State == DeploymentState.Ready || (d.State == DeploymentState.Deploying && healthy.Contains(d.Id));
        if (mayServe && running.TryGetValue(d.Id, out var destinations)) return new Route(host, RouteKind.App, destinations, d.Id);
        var kind = d.State switch
        {
            DeploymentState.Ready => RouteKind.Unavailable,
            DeploymentState.Error or DeploymentState.Canceled => RouteKind.Failed,
            DeploymentState.Ended => RouteKind.Ended,
            _ => RouteKind.Building,
        };
        return new Route(host, kind, [], d.Id, DetailsUrl(d.Id));
    }
}
