using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.Deployments;
using Slipway.Core.Domains;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Routing;

/// <summary>Where the control plane's own pages are, for routes and links.</summary>
public interface IControlPlaneAddress
{
    /// <summary><c>127.0.0.1:port</c>, null when this home has no API up.</summary>
    string? Endpoint { get; }

    /// <summary>A deployment's page.</summary>
    string DetailsUrl(DeploymentId id);

    /// <summary>The port users' URLs have.</summary>
    int PublicPort { get; }

    /// <summary>The port of a host that is served over TLS; null: it is not.</summary>
    int? SecurePort(string host) => null;
}

/// <summary>Brings the edge to what store and runtime say. Called after every change; publishes only what differs.</summary>
public sealed class RoutePublisher(
    IDeploymentStore deployments, IProjectStore projects, IDomainStore domains, IContainerRuntime runtime, IRouter router, HealthyDeployments healthy, FallingAsleep falling, IdleLook idle,
    IControlPlaneAddress self, IOptions<RuntimeOptions> options, TimeProvider time, ILogger<RoutePublisher> log) : IDisposable
{
    private const int EndedPages = 10_000;

    private readonly SemaphoreSlim _one = new(1);
    private volatile RouteTable? _published;
    private volatile IReadOnlySet<DeploymentId> _asleep = new HashSet<DeploymentId>();

    /// <summary>The routes that the edge has from here; none before the first table.</summary>
    public IReadOnlyList<Route> Routes => _published?.Routes ?? [];

    /// <summary>Whether the edge holds and wakes, by the table that it has.</summary>
    public bool IsAsleep(DeploymentId id) => _asleep.Contains(id);

    /// <summary>When this returns, requests are answered by a table at least as new as the store was at the call.</summary>
    public async Task PublishAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            var (routes, rules) = await ComputeAsync(ct);
            var isInForce = _published is { } p && await router.CurrentAsync(ct) == p.Number;
            if (isInForce && Same(_published!.Routes, routes)) return;
            var number = Math.Max((_published?.Number ?? 0) + 1, time.GetUtcNow().ToUnixTimeMilliseconds());
            var table = await PublishAsync(new RouteTable(number, routes) { Rules = rules }, ct);
            _published = table;
            _asleep = routes.Where(r => r is { Kind: RouteKind.Asleep, Deployment: not null }).Select(r => r.Deployment!.Value).ToHashSet();
            log.Published(table.Number, routes.Count);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>Past the edge's own number where our clock went back.</summary>
    private async Task<RouteTable> PublishAsync(RouteTable table, CancellationToken ct)
    {
        try
        {
            await router.PublishAsync(table, ct);
            return table;
        }
        catch (RouteTableRefusedException ahead)
        {
            var later = table with { Number = ahead.Current + 1 };
            await router.PublishAsync(later, ct);
            return later;
        }
    }

    private async Task<(IReadOnlyList<Route> Routes, IReadOnlyDictionary<string, EdgeRules>? Rules)> ComputeAsync(CancellationToken ct)
    {
        // Before the instances: what has left it since is frozen or stopped already, and seen so.
        var fallen = falling.Snapshot();
        // Instances first: one that appears after the look is in the next table, one that is gone is noticed by its event.
        var instances = await runtime.ListAsync(ct);
        // What ended has pages only, the newest of them: however much there was, nothing that serves falls off the table.
        var there = await deployments.ListAsync(new DeploymentQuery { States = DeploymentStates.There, Limit = 100_000 }, ct);
        var ended = await deployments.ListAsync(new DeploymentQuery { States = [DeploymentState.Ended], Limit = EndedPages }, ct);
        // One that ended between the two looks is in both.
        IReadOnlyList<Deployment> all = [.. ended.Concat(there).DistinctBy(d => d.Id)];
        var owners = await projects.ListAsync(ct);
        var asleep = idle.Held(await idle.LookAsync(owners, all, instances, ct));
        var rule = new RouteRule(options.Value.BaseDomain, self.Endpoint, self.DetailsUrl);
        var routes = rule.Compute(owners, all, await domains.ListAsync(null, ct), new Seen(instances, healthy.Snapshot(), asleep, fallen));
        return (routes, RulesName.Named(routes, all));
    }

    private static bool Same(IReadOnlyList<Route> a, IReadOnlyList<Route> b) =>
        a.Count == b.Count && a.Zip(b).All(pair => pair.First.IsSameAs(pair.Second));
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "route table {Number} with {Count} hosts is in force")]
    public static partial void Published(this ILogger log, long number, int count);
}
