using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Core.Pipeline.Routing;

public enum RouteKind
{
    /// <summary>Forwarded to <see cref="Route.Destinations"/>.</summary>
    App,

    /// <summary>The edge's own page: being built.</summary>
    Building,

    /// <summary>The edge's own page: the deployment failed.</summary>
    Failed,

    /// <summary>The edge's own page: retired.</summary>
    Ended,

    /// <summary>The edge's own page: it should run and doesn't just now (503 with Retry-After).</summary>
    Unavailable,

    /// <summary>Requests are held, and wake it: by <see cref="Route.Freezer"/> where there is one, else the control plane does on being told.</summary>
    Asleep,

    /// <summary>The control plane; answered to loopback clients, and to others over TLS only.</summary>
    ControlPlane,

    /// <summary>Sent on to <see cref="Route.RedirectTo"/> for good (308), path and query as they came.</summary>
    Redirect,
}

/// <summary>One public host and who answers for it.</summary>
/// <param name="Host">Lower case, no port, no trailing dot.</param>
/// <param name="Destinations"><c>ip:port</c>; empty unless App or ControlPlane, or Asleep with a <paramref name="Freezer"/>.</param>
/// <param name="Deployment">For pages and logs; null for the control plane.</param>
/// <param name="DetailsUrl">Where the page links to (the deployment's page), or null.</param>
/// <param name="Freezer">The cgroup whose thaw wakes the destination.</param>
/// <param name="CrawlersWake">Crawlers and monitors are treated as everybody.</param>
/// <param name="RedirectTo">Another host; null unless Redirect.</param>
/// <param name="Note">A sentence for the edge's own page: when and why it ended.</param>
/// <param name="Rules">Of its deployment, by their name in <see cref="RouteTable.Rules"/>; null: none.</param>
/// <param name="PasswordHash">Nobody comes in who does not know what is behind it; null: open. Salted, so that it may be in the table.</param>
public sealed record Route(
    string Host, RouteKind Kind, IReadOnlyList<string> Destinations, DeploymentId? Deployment, string? DetailsUrl = null, string? Freezer = null, bool CrawlersWake = false,
    string? RedirectTo = null, string? Note = null, string? Rules = null, string? PasswordHash = null)
{
    /// <summary>Equal by content; a record's own equality compares lists by reference.</summary>
    public bool IsSameAs(Route other) =>
        ReferenceEquals(this, other) || (this with { Destinations = [] } == other with { Destinations = [] } && Destinations.SequenceEqual(other.Destinations, StringComparer.Ordinal));

    /// <summary>For logs: a hash is for the edge only.</summary>
    public override string ToString() => $"{Host} {Kind} [{string.Join(", ", Destinations)}]";
}

/// <summary>All routes as one immutable numbered snapshot.</summary>
public sealed record RouteTable(long Number, IReadOnlyList<Route> Routes)
{
    /// <summary>Each once, however many hosts have them; null: no host has any.</summary>
    public IReadOnlyDictionary<string, EdgeRules>? Rules { get; init; }

    public static RouteTable Empty { get; } = new(0, []);
}

/// <summary>What the probe through the edge saw. <paramref name="Status"/> is null when nothing answered.</summary>
/// <param name="FromApp">The answer came from the app and not from the edge's own pages.</param>
public sealed record ProbeResult(int? Status, bool FromApp, string? Error)
{
    /// <summary>The app answered below 500.</summary>
    public bool IsHealthy => FromApp && Status is < 500;
}

/// <summary>What users' requests reach.</summary>
public interface IRouter
{
    /// <summary>Swaps the whole table; returns when requests are answered by it. The same table again changes nothing; a lower number, or the same with other routes, is a <see cref="RouteTableRefusedException"/>; a router that is not up a <see cref="RouterDownException"/>.</summary>
    Task PublishAsync(RouteTable table, CancellationToken ct);

    /// <summary>One GET through the edge with the public host name, not following redirects, past rules and password; never throws for an app's fault.</summary>
    Task<ProbeResult> ProbeAsync(string host, string path, TimeSpan timeout, CancellationToken ct);

    /// <summary>The number of the table in force; null when the edge is not up (or has none).</summary>
    Task<long?> CurrentAsync(CancellationToken ct);

    /// <summary>What every destination has in flight; tells when an old instance is drained and which is idle. A router that is not up: <see cref="RouterDownException"/>.</summary>
    Task<IReadOnlyList<DestinationTraffic>> TrafficAsync(CancellationToken ct);

    /// <summary>How the deployments of its table were used: tells which is idle. A router that is not up: <see cref="RouterDownException"/>.</summary>
    Task<RouterUse> UseAsync(CancellationToken ct);

    /// <summary>Yields a sleeping deployment when a request comes for it, and perhaps again until it is awake. Outlives the router's restarts, ends with the token only.</summary>
    IAsyncEnumerable<DeploymentId> WatchWantedAsync(CancellationToken ct);
}
