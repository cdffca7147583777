using Slipway.Core;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Routing;

namespace Slipway.Testing.Contracts;

/// <summary>What every router must do, whatever it is made of.</summary>
public abstract class RouterContract : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    protected abstract RouterHarness Harness { get; }

    private IRouter Router => Harness.Router;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public abstract ValueTask InitializeAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Harness.DisposeAsync();
    }

    [Fact]
    public async Task Unknown_host_is_answered_404_by_the_router_itself()
    {
        await PublishAsync(1, App("known.localhost", await Harness.StartAppAsync(200)));

        var seen = await ProbeAsync("unknown.localhost");

        Assert.Equal(404, seen.Status);
        Assert.False(seen.FromApp);
    }

    [Fact]
    public async Task Published_host_reaches_its_app_in_any_spelling()
    {
        await PublishAsync(1, App("app.localhost", await Harness.StartAppAsync(201)));

        foreach (var spelling in new[] { "app.localhost", "APP.LocalHost", "app.localhost.", "app.localhost:8080" })
        {
            Assert.Equal(new ProbeResult(201, true, null), await ProbeAsync(spelling));
        }
    }

    [Theory]
    [InlineData(RouteKind.Building, 503)]
    [InlineData(RouteKind.Failed, 503)]
    [InlineData(RouteKind.Ended, 410)]
    [InlineData(RouteKind.Unavailable, 503)]
    public async Task Own_pages_are_told_from_the_app(RouteKind kind, int status)
    {
        await PublishAsync(1, new Route("page.localhost", kind, [], null));

        var seen = await ProbeAsync("page.localhost");

        Assert.Equal(status, seen.Status);
        Assert.False(seen.FromApp);
        Assert.False(seen.IsHealthy);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(302, true)]
    [InlineData(404, true)]
    [InlineData(500, false)]
    public async Task App_is_healthy_when_it_answers_below_500(int status, bool isHealthy)
    {
        await PublishAsync(1, App("app.localhost", await Harness.StartAppAsync(status)));

        var seen = await ProbeAsync("app.localhost");

        Assert.Equal(new ProbeResult(status, true, null), seen);
        Assert.Equal(isHealthy, seen.IsHealthy);
    }

    [Fact]
    public async Task App_that_is_gone_is_no_app_answer()
    {
        await PublishAsync(1, App("gone.localhost", Harness.DeadDestination));

        var seen = await ProbeAsync("gone.localhost");

        Assert.False(seen.FromApp);
        Assert.False(seen.IsHealthy);
    }

    [Fact]
    public async Task Probe_gives_up_on_an_app_that_never_answers()
    {
        await PublishAsync(1, App("mute.localhost", await Harness.StartAppAsync(NeverAsync)));

        var seen = await Router.ProbeAsync("mute.localhost", "/", TimeSpan.FromMilliseconds(200), Ct);

        Assert.Null(seen.Status);
        Assert.False(seen.FromApp);
        Assert.NotNull(seen.Error);
    }

    [Fact]
    public async Task Probe_that_is_cancelled_says_so()
    {
        await PublishAsync(1, App("mute.localhost", await Harness.StartAppAsync(NeverAsync)));
        using var cancel = new CancellationTokenSource();
        var probe = Router.ProbeAsync("mute.localhost", "/", _patience, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
    }

    [Fact]
    public async Task Probe_asks_for_the_given_path()
    {
        await PublishAsync(1, App("app.localhost", await Harness.StartAppAsync((path, _) => Task.FromResult(path == "/healthz?deep=1" ? 204 : 500))));

        Assert.Equal(204, (await Router.ProbeAsync("app.localhost", "/healthz?deep=1", _patience, Ct)).Status);
    }

    [Theory]
    [InlineData("//elsewhere.example/x")]
    [InlineData("/@elsewhere.example")]
    public async Task Probe_never_leaves_the_host(string path)
    {
        string? seen = null;
        await PublishAsync(1, App("app.localhost", await Harness.StartAppAsync((asked, _) =>
        {
            seen = asked;
            return Task.FromResult(200);
        })));

        await Router.ProbeAsync("app.localhost", path, _patience, Ct);

        Assert.Equal(path, seen);
    }

    [Fact]
    public async Task Publish_is_in_force_when_it_returns()
    {
        var (blue, green) = (await Harness.StartAppAsync(201), await Harness.StartAppAsync(202));
        for (var number = 1; number <= 20; number++)
        {
            await PublishAsync(number, App("app.localhost", number % 2 == 0 ? blue : green));

            Assert.Equal(number % 2 == 0 ? 201 : 202, (await ProbeAsync("app.localhost")).Status);
            Assert.Equal(number, await Router.CurrentAsync(Ct));
        }
    }

    [Fact]
    public async Task Same_table_again_changes_nothing()
    {
        var route = App("app.localhost", await Harness.StartAppAsync(200));
        await PublishAsync(7, route);

        await PublishAsync(7, route with { Destinations = [.. route.Destinations] });

        Assert.Equal(7, await Router.CurrentAsync(Ct));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public async Task Lower_number_or_the_same_with_other_routes_is_refused(long number)
    {
        await PublishAsync(7, App("app.localhost", await Harness.StartAppAsync(201)));

        var refused = await Assert.ThrowsAsync<RouteTableRefusedException>(() => PublishAsync(number, App("app.localhost", "127.0.0.1:1")));

        Assert.Equal(7, refused.Current);
        Assert.Equal(201, (await ProbeAsync("app.localhost")).Status);
    }

    [Fact]
    public async Task Concurrent_publishes_leave_the_highest_number_in_force()
    {
        var app = await Harness.StartAppAsync(200);

        await Task.WhenAll(Enumerable.Range(1, 40).Select(async number =>
        {
            try
            {
                await PublishAsync(number, App($"app-{number}.localhost", app));
            }
            catch (RouteTableRefusedException refused)
            {
                Assert.True(refused.Current > number);
            }
        }));

        Assert.Equal(40, await Router.CurrentAsync(Ct));
        Assert.Equal(200, (await ProbeAsync("app-40.localhost")).Status);
    }

    [Fact]
    public async Task Swap_under_load_loses_no_request()
    {
        var (blue, green) = (await Harness.StartAppAsync(201), await Harness.StartAppAsync(202));
        await PublishAsync(1, App("app.localhost", blue));
        using var stop = new CancellationTokenSource();
        var underLoad = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var seen = new List<ProbeResult>();
            do
            {
                seen.Add(await ProbeAsync("app.localhost"));
                underLoad.TrySetResult();
                // A router in memory answers at once: without this the eight would keep all others off the pool.
                await Task.Yield();
            }
            while (!stop.IsCancellationRequested);

            return seen;
        })).ToArray();
        try
        {
            await underLoad.Task.WaitAsync(_patience, Ct);
            for (var number = 2; number <= 100; number++)
            {
                await PublishAsync(number, App("app.localhost", number % 2 == 0 ? green : blue));
            }
        }
        finally
        {
            // Also when it has failed: else they would ask on beside all tests that follow.
            await stop.CancelAsync();
        }

        var all = (await Task.WhenAll(clients)).SelectMany(seen => seen).ToList();
        Assert.All(all, seen => Assert.True(seen is { FromApp: true, Status: 201 or 202 }, seen.ToString()));
    }

    [Fact]
    public async Task Request_in_flight_finishes_after_the_swap_and_is_counted_until_then()
    {
        var release = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var old = await Harness.StartAppAsync((_, _) =>
        {
            entered.TrySetResult();
            return release.Task;
        });
        await PublishAsync(1, App("app.localhost", old));
        var inFlight = ProbeAsync("app.localhost");
        await entered.Task.WaitAsync(_patience, Ct);

        await PublishAsync(2, App("app.localhost", await Harness.StartAppAsync(202)));

        Assert.Equal(202, (await ProbeAsync("app.localhost")).Status);
        Assert.Equal(1, await InFlightAsync(old));
        release.SetResult(201);
        Assert.Equal(new ProbeResult(201, true, null), await inFlight);
        while ((await Router.TrafficAsync(Ct)).Any(t => t.Destination == old))
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Last_table_survives_a_restart()
    {
        await PublishAsync(5, App("app.localhost", await Harness.StartAppAsync(201)));

        await Harness.StopRouterAsync();
        await Harness.StartRouterAsync();

        Assert.Equal(201, (await ProbeAsync("app.localhost")).Status);
        Assert.Equal(5, await Router.CurrentAsync(Ct));
    }

    [Fact]
    public async Task Router_that_is_down_says_so()
    {
        await Harness.StopRouterAsync();

        Assert.Null(await Router.CurrentAsync(Ct));
        await Assert.ThrowsAsync<RouterDownException>(() => PublishAsync(1));
        await Assert.ThrowsAsync<RouterDownException>(() => Router.TrafficAsync(Ct));
        var seen = await ProbeAsync("app.localhost");
        Assert.Null(seen.Status);
        Assert.False(seen.FromApp);
    }

    [Fact]
    public async Task Fresh_router_has_no_table() => Assert.Null(await Router.CurrentAsync(Ct));

    [Fact]
    public async Task Traffic_counts_requests_and_tells_the_last()
    {
        var app = await Harness.StartAppAsync(200);
        await PublishAsync(1, App("a.localhost", app), App("b.localhost", app));
        Assert.Null(Assert.Single(await Router.TrafficAsync(Ct)).LastRequestAt);

        await ProbeAsync("a.localhost");
        await ProbeAsync("b.localhost");

        var traffic = Assert.Single(await Router.TrafficAsync(Ct));
        Assert.Equal((app, 2L), (traffic.Destination, traffic.Requests));
        Assert.NotNull(traffic.LastRequestAt);
    }

    [Fact]
    public async Task Several_destinations_share_the_requests()
    {
        await PublishAsync(1, new Route("app.localhost", RouteKind.App, [await Harness.StartAppAsync(201), await Harness.StartAppAsync(202)], null));

        var seen = new HashSet<int?>();
        for (var i = 0; i < 4; i++)
        {
            seen.Add((await ProbeAsync("app.localhost")).Status);
        }

        Assert.Equal([201, 202], seen.Order());
    }

    [Fact]
    public async Task Dead_destination_beside_a_live_one_costs_no_request()
    {
        await PublishAsync(1, new Route("app.localhost", RouteKind.App, [Harness.DeadDestination, await Harness.StartAppAsync(200)], null));

        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(new ProbeResult(200, true, null), await ProbeAsync("app.localhost"));
        }
    }

    [Fact]
    public async Task Table_that_is_no_table_is_refused()
    {
        var app = App("app.localhost", await Harness.StartAppAsync(201));
        await PublishAsync(1, app);

        await Assert.ThrowsAsync<ArgumentException>(() => PublishAsync(2, app, app));
        await Assert.ThrowsAsync<ArgumentException>(() => PublishAsync(3, app with { Host = "Not A Host" }));
        await Assert.ThrowsAsync<ArgumentException>(() => PublishAsync(4, app with { Destinations = ["example.com:80"] }));

        Assert.Equal(1, await Router.CurrentAsync(Ct));
    }

    [Fact]
    public async Task Rules_are_published_with_the_table_and_do_not_stand_in_the_probes_way()
    {
        var rules = new Dictionary<string, EdgeRules> { ["a"] = new() { Redirects = [new("/(.*)", "/elsewhere", 308)] } };
        var app = App("app.localhost", await Harness.StartAppAsync(201)) with { Rules = "a" };

        await Router.PublishAsync(new RouteTable(1, [app]) { Rules = rules }, Ct);

        Assert.Equal(new ProbeResult(201, true, null), await ProbeAsync("app.localhost"));
        await Assert.ThrowsAsync<ArgumentException>(() => PublishAsync(2, app));
        Assert.Equal(1, await Router.CurrentAsync(Ct));
    }

    [Fact]
    public async Task Password_does_not_stand_in_the_probes_way_and_is_part_of_the_table()
    {
        var app = App("app.localhost", await Harness.StartAppAsync(201)) with { PasswordHash = "one" };

        await PublishAsync(1, app);
        await PublishAsync(1, app with { Destinations = [.. app.Destinations] });

        Assert.Equal(new ProbeResult(201, true, null), await ProbeAsync("app.localhost"));
        await Assert.ThrowsAsync<RouteTableRefusedException>(() => PublishAsync(1, app with { PasswordHash = null }));
    }

    [Fact]
    public async Task Ten_thousand_hosts_are_published_at_once()
    {
        var app = await Harness.StartAppAsync(200);

        await PublishAsync(1, [.. Enumerable.Range(0, 10_000).Select(i => App($"app-{i}.localhost", app))]);

        Assert.Equal(200, (await ProbeAsync("app-9999.localhost")).Status);
    }

    protected static Route App(string host, string destination) =>
        new(host, RouteKind.App, [destination], StrongId.New<DeploymentId>(TimeProvider.System));

    private static async Task<int> NeverAsync(string path, CancellationToken ct)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        return 200;
    }

    private Task PublishAsync(long number, params Route[] routes) => Router.PublishAsync(new RouteTable(number, routes), Ct);

    private Task<ProbeResult> ProbeAsync(string host) => Router.ProbeAsync(host, "/", _patience, Ct);

    private async Task<int> InFlightAsync(string destination) =>
        (await Router.TrafficAsync(Ct)).SingleOrDefault(t => t.Destination == destination)?.InFlight ?? 0;
}
