using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Testing.Contracts;

namespace Slipway.Testing.InMemory;

/// <summary>A router whose apps are functions. What it shares with the real one is what <see cref="RouterContract"/> says.</summary>
public sealed class InMemoryRouter(TimeProvider time) : IRouter
{
    private readonly Lock _publishing = new();
    private readonly ConcurrentDictionary<string, Counted> _traffic = new();
    private readonly ConcurrentDictionary<DeploymentId, Counted> _use = new();
    private readonly ConcurrentDictionary<DeploymentId, bool> _wanted = new();
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RouteTable _table = RouteTable.Empty;
    private int _turn;

    /// <summary>What answers at an <c>ip:port</c>; an address that is not here is dead.</summary>
    public ConcurrentDictionary<string, AppAnswer> Apps { get; } = new();

    public bool IsUp { get; set; } = true;

    /// <summary>The table in force.</summary>
    public RouteTable Table => _table;

    public Task PublishAsync(RouteTable table, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        ThrowIfDown();
        Check(table);
        lock (_publishing)
        {
            if (table.Number > _table.Number)
            {
                _table = table;
                foreach (var id in _wanted.Keys.Where(id => !table.Routes.Any(r => r.Kind == RouteKind.Asleep && r.Deployment == id))) _wanted.TryRemove(id, out _);
                Change();
            }
            else if (!AreSame(table, _table))
            {
                throw new RouteTableRefusedException(table.Number, _table.Number);
            }
        }

        return Task.CompletedTask;
    }

    public async Task<ProbeResult> ProbeAsync(string host, string path, TimeSpan timeout, CancellationToken ct)
    {
        if (!IsUp)
        {
            return new ProbeResult(null, false, "The router is not up.");
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(timeout);
        try
        {
            return await AnswerAsync(HostName.WithoutPort(host).ToString(), path, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ProbeResult(null, false, "No answer in time.");
        }
    }

    public Task<long?> CurrentAsync(CancellationToken ct) => Task.FromResult<long?>(IsUp && _table.Number != 0 ? _table.Number : null);

    public Task<IReadOnlyList<DestinationTraffic>> TrafficAsync(CancellationToken ct)
    {
        ThrowIfDown();
        var wanted = _table.Routes.SelectMany(r => r.Destinations);
        var draining = _traffic.Where(t => t.Value.InFlight > 0).Select(t => t.Key);
        return Task.FromResult<IReadOnlyList<DestinationTraffic>>([.. wanted.Union(draining).Select(address =>
        {
            var seen = _traffic.GetOrAdd(address, _ => new Counted());
            return new DestinationTraffic(address, seen.InFlight, seen.Requests, seen.Last);
        })]);
    }

    public Task<RouterUse> UseAsync(CancellationToken ct)
    {
        ThrowIfDown();
        return Task.FromResult(new RouterUse(_since, [.. _use.Keys.Union(_wanted.Keys).Select(id =>
            new DeploymentUse(id, _use.GetValueOrDefault(id)?.InFlight ?? 0, _use.GetValueOrDefault(id)?.Last, _wanted.ContainsKey(id)))])
        { Traffic = Answered });
    }

    /// <summary>What it tells of answers.</summary>
    public IReadOnlyList<DeploymentTraffic> Answered { get; set; } = [];

    public async IAsyncEnumerable<DeploymentId> WatchWantedAsync([EnumeratorCancellation] CancellationToken ct)
    {
        while (true)
        {
            var changed = _changed.Task;
            foreach (var id in _wanted.Keys) yield return id;
            await changed.WaitAsync(ct);
        }
    }

    private void Change() => Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    /// <summary>Held until another table says that it is awake.</summary>
    private async Task<ProbeResult> WakeAsync(DeploymentId id, string host, string path, CancellationToken ct)
    {
        while (_table.Routes.FirstOrDefault(r => r.Host == host) is { Kind: RouteKind.Asleep })
        {
            var changed = _changed.Task;
            if (_wanted.TryAdd(id, true)) Change();
            _use.GetOrAdd(id, _ => new Counted()).Touch(time.GetUtcNow());
            await changed.WaitAsync(ct);
        }

        return await AnswerAsync(host, path, ct);
    }

    private async Task<ProbeResult> AnswerAsync(string host, string path, CancellationToken ct)
    {
        var route = _table.Routes.FirstOrDefault(r => string.Equals(r.Host, host, StringComparison.OrdinalIgnoreCase));
        return route?.Kind switch
        {
            null => Page(404),
            RouteKind.App or RouteKind.ControlPlane when route.Destinations.Count > 0 => await ForwardAsync(route, path, ct),
            RouteKind.Asleep when route.Deployment is { } id => await WakeAsync(id, route.Host, path, ct),
            RouteKind.Ended => Page(410),
            RouteKind.Redirect => Page(308),
            _ => Page(503),
        };
    }

    private async Task<ProbeResult> ForwardAsync(Route route, string path, CancellationToken ct)
    {
        var start = (uint)Interlocked.Increment(ref _turn);
        var alive = Enumerable.Range(0, route.Destinations.Count)
            .Select(i => route.Destinations[(int)((start + i) % route.Destinations.Count)]).FirstOrDefault(Apps.ContainsKey);
        if (alive is null || !Apps.TryGetValue(alive, out var app))
        {
            return Page(502);
        }

        var seen = _traffic.GetOrAdd(alive, _ => new Counted());
        var use = route.Deployment is { } id ? _use.GetOrAdd(id, _ => new Counted()) : new Counted();
        seen.Enter(time.GetUtcNow());
        use.Enter(time.GetUtcNow());
        try
        {
            return new ProbeResult(await app(path, ct).WaitAsync(ct), true, null);
        }
        finally
        {
            seen.Leave();
            use.Touch(time.GetUtcNow());
            use.Leave();
        }
    }

    private static ProbeResult Page(int status) => new(status, false, "The router answered itself.");

    private void ThrowIfDown()
    {
        if (!IsUp)
        {
            throw new RouterDownException("The router is not up.");
        }
    }

    private static void Check(RouteTable table)
    {
        var areHosts = table.Routes.All(r => HostName.TryNormalize(r.Host, out var normal) && normal == r.Host);
        var areOnce = table.Routes.Select(r => r.Host).Distinct().Count() == table.Routes.Count;
        var areAddresses = table.Routes.SelectMany(r => r.Destinations).All(d => IPEndPoint.TryParse(d, out var end) && end.Port != 0);
        var haveRules = table.Routes.All(r => r.Rules is null || table.Rules?.ContainsKey(r.Rules) == true);
        if (!areHosts || !areOnce || !areAddresses || !haveRules)
        {
            throw new ArgumentException("No sound table.", nameof(table));
        }
    }

    private static bool AreSame(RouteTable a, RouteTable b) =>
        a.Number == b.Number && a.Routes.Count == b.Routes.Count && a.Routes.Zip(b.Routes).All(p =>
            p.First with { Destinations = [] } == p.Second with { Destinations = [] } && p.First.Destinations.SequenceEqual(p.Second.Destinations));

    private sealed class Counted
    {
        private int _inFlight;
        private long _requests;

        public int InFlight => Volatile.Read(ref _inFlight);

        public long Requests => Interlocked.Read(ref _requests);

        public DateTimeOffset? Last { get; private set; }

        public void Enter(DateTimeOffset now)
        {
            Last = now;
            Interlocked.Increment(ref _requests);
            Interlocked.Increment(ref _inFlight);
        }

        public void Touch(DateTimeOffset now) => Last = now;

        public void Leave() => Interlocked.Decrement(ref _inFlight);
    }
}
