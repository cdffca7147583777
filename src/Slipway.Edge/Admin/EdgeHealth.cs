using Slipway.Core.Pipeline.Routing;

namespace Slipway.Edge.Admin;

/// <summary>What <c>GET /health</c> on the admin socket answers.</summary>
/// <param name="Waiting">Requests that wait for an app which is away for a moment.</param>
internal sealed record EdgeHealth(
    int Pid, string Version, DateTimeOffset StartedAt, long Table, long Requests, int InFlight, int Waiting,
    long UnknownHosts, long Refused, long Retries,
    IReadOnlyList<HostHealth> Hosts, IReadOnlyList<DestinationTraffic> Destinations);

/// <param name="Failures">Requests that the app did not answer, or not to the end.</param>
internal sealed record HostHealth(string Host, long Requests, long Failures);
