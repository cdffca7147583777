using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Edge.Admin;
using Slipway.Edge.Sleeping;

namespace Slipway.Edge.Hosts;

/// <summary>Holds the table in force. Requests read it without a lock; publishes come one at a time.</summary>
internal sealed class TableKeeper(TableFile file, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _publishing = new(1, 1);
    private readonly ConcurrentDictionary<string, Destination> _destinations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<DeploymentId, UseCounter> _uses = new();
    private HostTable _current = HostTable.Build(RouteTable.Empty, null, address => new Destination(address), id => new UseCounter(id));

    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HostTable Current => Volatile.Read(ref _current);

    /// <summary>Ends when another table than now's is in force.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    public int InFlight => _destinations.Values.Sum(d => d.InFlight);

    /// <summary>Takes the last table from the file; before anything listens.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        if (await file.LoadAsync(ct) is { } last)
        {
            Swap(last);
        }
    }

    /// <summary>Puts a sound table in force and saves it.</summary>
    /// <returns>The table in force afterwards; another than the given one when that was refused.</returns>
    public async Task<RouteTable> PublishAsync(RouteTable table, CancellationToken ct)
    {
        await _publishing.WaitAsync(ct);
        try
        {
            var current = Current.Source;
            if (table.Number <= current.Number)
            {
                return TableCheck.AreSame(table, current) ? table : current;
            }

            Swap(table);
            await SaveAsync(table);
            return table;
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>Puts the table in force that a sound change makes of now's, and saves it.</summary>
    /// <returns>False when another table than the change's base is in force.</returns>
    public async Task<bool> ChangeAsync(TableChange change, CancellationToken ct)
    {
        await _publishing.WaitAsync(ct);
        try
        {
            if (Current.Source.Number != change.Base) return false;
            var table = change.Of(Current.Source);
            Swap(HostTable.Change(table, change, Current, DestinationOf, UseOf));
            await SaveAsync(table);
            return true;
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>
    /// Looks a host up and counts the destination in flight. A table swapped between the two steps is looked up again:
    /// after a swap, an old destination's count can therefore only fall, and zero means drained.
    /// </summary>
    public Visit Enter(ReadOnlySpan<char> host, Destination? avoid)
    {
        while (true)
        {
            var table = Current;
            var entry = table.Find(host);
            if (entry?.Pick(avoid) is not { } destination)
            {
                return new Visit(entry, null);
            }

            var visit = new Visit(entry, destination);
            destination.Enter();
            entry.Use?.Enter();
            if (ReferenceEquals(table, Current))
            {
                return visit;
            }

            visit.Dispose();
        }
    }

    /// <summary>Those of the table in force, and older ones that still have requests in flight.</summary>
    public IReadOnlyList<DestinationTraffic> Traffic()
    {
        var wanted = Wanted();
        return [.. _destinations.Values.Select(d => d.Traffic()).Where(t => t.InFlight > 0 || wanted.Contains(t.Destination))];
    }

    /// <summary>What was used, or is wanted; the others are not told of.</summary>
    public IReadOnlyList<DeploymentUse> Use()
    {
        var sleepers = Current.Sleepers;
        return [.. _uses.Values.Select(u => (Counter: u, IsWanted: sleepers.TryGetValue(u.Deployment, out var sleeper) && sleeper.IsWanted))
            .Where(u => u.IsWanted || !u.Counter.IsUnused).Select(u => u.Counter.Read(u.IsWanted))];
    }

    /// <summary>What the deployments of the table were answered.</summary>
    public IReadOnlyList<DeploymentTraffic> Answers() => [.. _uses.Values.Select(u => u.Traffic()).OfType<DeploymentTraffic>()];

    public void Dispose() => _publishing.Dispose();

    private Destination DestinationOf(string address) => _destinations.GetOrAdd(address, a => new Destination(a));

    private UseCounter UseOf(DeploymentId deployment) => _uses.GetOrAdd(deployment, id => new UseCounter(id));

    private void Swap(RouteTable table) => Swap(HostTable.Build(table, Current, DestinationOf, UseOf));

    private void Swap(HostTable next)
    {
        Interlocked.Exchange(ref _current, next);
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        logger.TableSwapped(next.Source.Number, next.Hosts.Count);
        Prune();
    }

    /// <summary>Forgets destinations that left the table and are drained.</summary>
    private void Prune()
    {
        var wanted = Wanted();
        foreach (var (address, destination) in _destinations)
        {
            if (!wanted.Contains(address) && destination.InFlight == 0)
            {
                _destinations.TryRemove(address, out _);
            }
        }

        var known = Current.Source.Routes.Select(r => r.Deployment).OfType<DeploymentId>().ToHashSet();
        foreach (var (deployment, use) in _uses)
        {
            if (!known.Contains(deployment) && use.Open == 0)
            {
                _uses.TryRemove(deployment, out _);
            }
        }
    }

    private HashSet<string> Wanted() =>
        Current.Source.Routes.SelectMany(r => r.Destinations).ToHashSet(StringComparer.Ordinal);

    // A full disk must not keep a new deployment off the air: users see the new table, the log says what a restart would lose.
    private async Task SaveAsync(RouteTable table)
    {
        try
        {
            await file.SaveAsync(table, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.TableNotSaved(e, table.Number, file.Path);
        }
    }
}
