using Slipway.Core;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge.Rules;
using Slipway.Edge.Sleeping;

namespace Slipway.Edge.Hosts;

/// <summary>A route table made ready for lookups; never changed after it is built.</summary>
internal sealed class HostTable
{
    // A plain dictionary: a frozen one is slower to build and no faster to read here (facts/edge.md §2).
    private readonly Dictionary<string, HostEntry> _hosts;
    private readonly Dictionary<string, HostEntry>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private readonly Dictionary<string, HostRules> _rules;

    private HostTable(RouteTable source, Dictionary<string, HostEntry> hosts, Dictionary<DeploymentId, Sleeper> sleepers, Dictionary<string, HostRules> rules)
    {
        Source = source;
        _hosts = hosts;
        Sleepers = sleepers;
        _rules = rules;
        _lookup = hosts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public RouteTable Source { get; }

    public IReadOnlyDictionary<string, HostEntry> Hosts => _hosts;

    /// <summary>Deployments that this table says are asleep.</summary>
    public IReadOnlyDictionary<DeploymentId, Sleeper> Sleepers { get; }

    public static HostTable Build(RouteTable source, HostTable? before, Func<string, Destination> destination, Func<DeploymentId, UseCounter> use)
    {
        var sleepers = new Dictionary<DeploymentId, Sleeper>();
        // What was made ready stays so for as long as it is named.
        var rules = (source.Rules ?? new Dictionary<string, EdgeRules>()).ToDictionary(r => r.Key, r => before?._rules.GetValueOrDefault(r.Key) ?? new HostRules(r.Value), StringComparer.Ordinal);
        var hosts = new Dictionary<string, HostEntry>(source.Routes.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var route in source.Routes)
        {
            var counter = before is not null && before._hosts.TryGetValue(route.Host, out var old) ? old.Counter : new HostCounter();
            hosts.Add(route.Host, new HostEntry(route, [.. route.Destinations.Select(destination)], counter)
            {
                Use = route.Deployment is { } id ? use(id) : null,
                Rules = route.Rules is { } named ? rules.GetValueOrDefault(named) : null,
                Sleeper = route is { Kind: RouteKind.Asleep, Deployment: { } asleep } ? SleeperOf(asleep, route.Freezer) : null,
            });
        }

        return new HostTable(source, hosts, sleepers, rules);

        Sleeper SleeperOf(DeploymentId deployment, string? freezer)
        {
            if (sleepers.TryGetValue(deployment, out var known)) return known;
            var sleeper = sleepers[deployment] = before?.Sleepers.GetValueOrDefault(deployment) ?? new Sleeper(deployment);
            sleeper.Freezer = freezer;
            return sleeper;
        }
    }

    /// <param name="host">As the <c>Host</c> header has it.</param>
    public HostEntry? Find(ReadOnlySpan<char> host) =>
        _lookup.TryGetValue(HostName.WithoutPort(host), out var entry) ? entry : null;
}
