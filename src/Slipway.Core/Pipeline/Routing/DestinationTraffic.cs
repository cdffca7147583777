namespace Slipway.Core.Pipeline.Routing;

/// <summary>What reached one destination since the router started; one that left the table stays listed until its last request ended.</summary>
/// <param name="InFlight">Requests and open WebSockets, counted from the route's lookup on: zero after a swap means that the instance may stop.</param>
/// <param name="LastRequestAt">Null when there was none.</param>
public sealed record DestinationTraffic(string Destination, int InFlight, long Requests, DateTimeOffset? LastRequestAt);
