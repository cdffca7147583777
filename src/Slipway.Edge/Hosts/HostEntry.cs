using Slipway.Core.Pipeline.Routing;
using Slipway.Edge.Rules;
using Slipway.Edge.Sleeping;

namespace Slipway.Edge.Hosts;

/// <summary>One host of a table: its route and the live destinations behind it.</summary>
internal sealed class HostEntry(Route route, Destination[] destinations, HostCounter counter)
{
    private int _next;

    public Route Route { get; } = route;

    public HostCounter Counter { get; } = counter;

    /// <summary>Of its deployment; null for what is none.</summary>
    public UseCounter? Use { get; init; }

    /// <summary>Of its deployment; null unless that is asleep.</summary>
    public Sleeper? Sleeper { get; init; }

    /// <summary>Of its deployment; null: all is forwarded as it comes.</summary>
    public HostRules? Rules { get; init; }

    /// <summary>In turn; another than <paramref name="avoid"/> if there is one.</summary>
    public Destination? Pick(Destination? avoid)
    {
        if (destinations.Length <= 1)
        {
            return destinations.Length == 0 ? null : destinations[0];
        }

        var start = (uint)Interlocked.Increment(ref _next);
        var picked = destinations[start % destinations.Length];
        return picked == avoid ? destinations[(start + 1) % destinations.Length] : picked;
    }
}
