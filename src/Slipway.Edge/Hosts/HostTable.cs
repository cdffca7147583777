using Slipway.Core.Pipeline.Routing;

namespace Slipway.Edge.Hosts;

/// <summary>A route table made ready for lookups; never changed after it is built.</summary>
internal sealed class HostTable
{
    // A plain dictionary: a frozen one is slower to build and no faster to read here (facts/edge.md §2).
    private readonly Dictionary<string, HostEntry> _hosts;
    private readonly Dictionary<string, HostEntry>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private HostTable(RouteTable source, Dictionary<string, HostEntry> hosts)
    {
        Source = source;
        _hosts = hosts;
        _lookup = hosts.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public RouteTable Source { get; }

    public IReadOnlyDictionary<string, HostEntry> Hosts => _hosts;

    public static HostTable Build(RouteTable source, HostTable? before, Func<string, Destination> destination)
    {
        var hosts = new Dictionary<string, HostEntry>(source.Routes.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var route in source.Routes)
        {
            var counter = before is not null && before._hosts.TryGetValue(route.Host, out var old) ? old.Counter : new HostCounter();
            hosts.Add(route.Host, new HostEntry(route, [.. route.Destinations.Select(destination)], counter));
        }

        return new HostTable(source, hosts);
    }

    /// <param name="host">As the <c>Host</c> header has it.</param>
    public HostEntry? Find(ReadOnlySpan<char> host) =>
        _lookup.TryGetValue(HostName.WithoutPort(host), out var entry) ? entry : null;
}
