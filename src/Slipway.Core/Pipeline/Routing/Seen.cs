using System.Globalization;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Core.Pipeline.Routing;

/// <summary>What runs and what sleeps, as it was looked up for one table.</summary>
/// <param name="Healthy">Deploying ones whose instance answered: routed, so that the edge can be asked.</param>
/// <param name="Asleep">Ready ones that stay asleep until a request comes.</param>
/// <param name="Falling">Ready ones that are being put to sleep.</param>
public sealed record Seen(
    IReadOnlyCollection<Instance> Instances, IReadOnlySet<DeploymentId> Healthy, IReadOnlySet<DeploymentId> Asleep, IReadOnlyDictionary<DeploymentId, SleepDepth> Falling)
{
    private readonly ILookup<DeploymentId, Instance> _instances = Instances.ToLookup(i => i.Deployment);

    /// <summary>Where a deployment's hosts lead; the host itself is the caller's to fill in.</summary>
    public Route Of(Deployment d)
    {
        if (Awake(d) is { } awake) return awake;
        var kind = d.State switch
        {
            DeploymentState.Ready => RouteKind.Unavailable,
            DeploymentState.Error or DeploymentState.Canceled => RouteKind.Failed,
            DeploymentState.Ended => RouteKind.Ended,
            _ => RouteKind.Building,
        };
        return new Route("", kind, [], d.Id, Note: d.Ended is { } ended ? string.Create(CultureInfo.InvariantCulture, $"It ended on {ended.At:d MMMM yyyy, HH:mm} UTC: {ended.InWords}.") : null);
    }

    private Route? Awake(Deployment d)
    {
        var own = _instances[d.Id];
        var mayServe = d.State == DeploymentState.Ready || (d.State == DeploymentState.Deploying && Healthy.Contains(d.Id));
        if (!mayServe) return null;

        var depth = Falling.GetValueOrDefault(d.Id);
        var running = own.Where(i => i is { State: InstanceState.Running, Address: not null }).ToList();
        if (depth == SleepDepth.Awake && running.Count > 0) return new Route("", RouteKind.App, Addresses(running), d.Id);

        // One that is frozen sleeps, whoever froze it; one that has ended does if nothing wants it back.
        var sleeper = own.FirstOrDefault(i => i.State == InstanceState.Frozen) ?? (depth == SleepDepth.Frozen ? running.FirstOrDefault() : null);
        if (sleeper is { Freezer: { } freezer, Address: not null } && depth != SleepDepth.Stopped) return new Route("", RouteKind.Asleep, Addresses([sleeper]), d.Id, Freezer: freezer);
        return sleeper is not null || depth != SleepDepth.Awake || (Asleep.Contains(d.Id) && own.Any()) ? new Route("", RouteKind.Asleep, [], d.Id) : null;
    }

    private static List<string> Addresses(IReadOnlyList<Instance> instances) =>
        [.. instances.Select(i => string.Create(CultureInfo.InvariantCulture, $"{i.Address}:{i.Port}")).Order(StringComparer.Ordinal)];
}
