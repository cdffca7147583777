using Slipway.Core;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge.Admin;
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
    private readonly Dictionary<DeploymentId, Sleeper> _sleepers;

    private HostTable(RouteTable source, Dictionary<string, HostEntry> hosts, Dictionary<DeploymentId, Sleeper> sleepers, Dictionary<string, HostRules> rules)
    {
        Source = source;
        _hosts = hosts;
        _sleepers = sleepers;
        _rules = rules;
        _lookup = hosts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public RouteTable Source { get; }

    public IReadOnlyDictionary<string, HostEntry> Hosts => _hosts;

    /// <summary>Deployments that this table says are asleep.</summary>
    public IReadOnlyDictionary<DeploymentId, Sleeper> Sleepers => _sleepers;

    public static HostTable Build(RouteTable source, HostTable? before, Func<string, Destination> destination, Func<DeploymentId, UseCounter> use)
    {
        var next = new HostTable(source, new Dictionary<string, HostEntry>(source.Routes.Count, StringComparer.OrdinalIgnoreCase), [], RulesOf(source, before));
        foreach (var route in source.Routes) next._hosts.Add(route.Host, next.EntryOf(route, before, destination, use));
        return next;
    }

    /// <summary>The same for a table that differs in few routes: the other hosts are taken over as they are.</summary>
    public static HostTable Change(RouteTable source, TableChange change, HostTable before, Func<string, Destination> destination, Func<DeploymentId, UseCounter> use)
    {
        var next = new HostTable(source, new Dictionary<string, HostEntry>(before._hosts, before._hosts.Comparer), [], change.Rules.Count + change.RulesGone.Count == 0 ? before._rules : RulesOf(source, before));
        foreach (var host in change.Gone) next._hosts.Remove(host);
        foreach (var route in change.Set) next._hosts.Remove(route.Host);
        foreach (var entry in next._hosts.Values)
        {
            if (entry.Sleeper is { } sleeper) next._sleepers[sleeper.Deployment] = sleeper;
        }

        foreach (var route in change.Set) next._hosts.Add(route.Host, next.EntryOf(route, before, destination, use));
        return next;
    }

    /// <param name="host">As the <c>Host</c> header has it.</param>
    public HostEntry? Find(ReadOnlySpan<char> host) =>
        _lookup.TryGetValue(HostName.WithoutPort(host), out var entry) ? entry : null;

    /// <summary>What was made ready stays so for as long as it is named.</summary>
    private static Dictionary<string, HostRules> RulesOf(RouteTable source, HostTable? before) =>
        (source.Rules ?? new Dictionary<string, EdgeRules>()).ToDictionary(r => r.Key, r => before?._rules.GetValueOrDefault(r.Key) ?? new HostRules(r.Value), StringComparer.Ordinal);

    private HostEntry EntryOf(Route route, HostTable? before, Func<string, Destination> destination, Func<DeploymentId, UseCounter> use)
    {
        var counter = before is not null && before._hosts.TryGetValue(route.Host, out var old) ? old.Counter : new HostCounter();
        return new HostEntry(route, [.. route.Destinations.Select(destination)], counter)
        {
            Use = route.Deployment is { } id ? use(id) : null,
            Rules = route.Rules is { } named ? _rules.GetValueOrDefault(named) : null,
            Sleeper = route is { Kind: RouteKind.Asleep, Deployment: { } asleep } ? SleeperOf(asleep, route.Freezer, before) : null,
        };
    }

    private Sleeper SleeperOf(DeploymentId deployment, string? freezer, HostTable? before)
    {
        if (_sleepers.TryGetValue(deployment, out var known)) return known;
        var sleeper = _sleepers[deployment] = before?.Sleepers.GetValueOrDefault(deployment) ?? new Sleeper(deployment);
        sleeper.Freezer = freezer;
        return sleeper;
    }
}
