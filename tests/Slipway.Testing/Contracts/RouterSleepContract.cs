using Slipway.Core;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Testing.Hosting;

namespace Slipway.Testing.Contracts;

/// <summary>How every router tells of use, and holds what comes for a sleeping app.</summary>
public abstract class RouterSleepContract : IAsyncLifetime
{
    private const string Host = "app.localhost";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly DeploymentId _app = StrongId.New<DeploymentId>(TimeProvider.System);
    private long _number;

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
    public async Task Request_for_a_sleeper_is_held_until_it_is_awake()
    {
        await PublishAsync(Asleep());

        var asked = AskAsync();
        await WantedAsync();
        Assert.False(asked.IsCompleted);
        await PublishAsync(App(await Harness.StartAppAsync(201)));

        Assert.Equal(new ProbeResult(201, true, null), await asked);
    }

    [Fact]
    public async Task Watcher_is_told_of_a_sleeper_that_is_asked_for()
    {
        await PublishAsync(Asleep());
        await using var wanted = Router.WatchWantedAsync(Ct).GetAsyncEnumerator(Ct);
        var next = wanted.MoveNextAsync().AsTask();

        var asked = Enumerable.Range(0, 50).Select(_ => AskAsync()).ToList();

        Assert.True(await next.WaitAsync(_patience, Ct));
        Assert.Equal(_app, wanted.Current);
        await PublishAsync(App(await Harness.StartAppAsync(200)));
        Assert.All(await Task.WhenAll(asked), seen => Assert.Equal(200, seen.Status));
    }

    [Fact]
    public async Task Watcher_that_comes_late_is_told_too()
    {
        await PublishAsync(Asleep());
        var asked = AskAsync();
        await WantedAsync();

        await foreach (var wanted in Router.WatchWantedAsync(Ct))
        {
            Assert.Equal(_app, wanted);
            break;
        }

        await PublishAsync(App(await Harness.StartAppAsync(200)));
        Assert.Equal(200, (await asked).Status);
    }

    [Fact]
    public async Task Want_outlives_tables_that_say_asleep_and_no_other()
    {
        await PublishAsync(Asleep());
        var asked = AskAsync();
        await WantedAsync();

        await PublishAsync(Asleep(), new Route("other.localhost", RouteKind.Building, [], null));
        Assert.True((await UseAsync())?.IsWanted);

        await PublishAsync(App(await Harness.StartAppAsync(200)));
        await asked;
        await PublishAsync(Asleep());
        Assert.NotEqual(true, (await UseAsync())?.IsWanted);
    }

    [Fact]
    public async Task Nobody_wants_what_nobody_asked_for()
    {
        await PublishAsync(Asleep());

        Assert.Empty((await Router.UseAsync(Ct)).Deployments);
    }

    [Fact]
    public async Task Use_is_told_while_it_lasts_and_after()
    {
        using var end = new SemaphoreSlim(0);
        await PublishAsync(App(await Harness.StartAppAsync(async (_, ct) =>
        {
            await end.WaitAsync(ct);
            return 200;
        })));
        var before = TimeProvider.System.GetUtcNow();
        Assert.InRange((await Router.UseAsync(Ct)).Since, DateTimeOffset.UnixEpoch, before);

        var asked = AskAsync();
        await UntilAsync(use => use is { Open: 1 });
        var began = (await UseAsync())?.LastUsedAt;
        end.Release();
        await asked;

        await UntilAsync(use => use is { Open: 0 });
        var use = await UseAsync();
        Assert.InRange(began ?? default, before, use?.LastUsedAt ?? default);
        // Still known when the table has changed, and over all its hosts.
        await PublishAsync(Asleep() with { Host = "renamed.localhost" });
        Assert.Equal(use?.LastUsedAt, (await UseAsync())?.LastUsedAt);
    }

    [Fact]
    public async Task Router_that_is_down_says_so()
    {
        await Harness.StopRouterAsync();

        await Assert.ThrowsAsync<RouterDownException>(() => Router.UseAsync(Ct));
    }

    private Task<ProbeResult> AskAsync() => Router.ProbeAsync(Host, "/", _patience, Ct);

    private Route App(string destination) => new(Host, RouteKind.App, [destination], _app);

    private Route Asleep() => new(Host, RouteKind.Asleep, [], _app);

    private Task PublishAsync(params Route[] routes) => Router.PublishAsync(new RouteTable(++_number, routes), Ct);

    private async Task<DeploymentUse?> UseAsync() => (await Router.UseAsync(Ct)).Of(_app);

    private Task WantedAsync() => UntilAsync(use => use is { IsWanted: true });

    private Task UntilAsync(Func<DeploymentUse?, bool> fits) => Looking.UntilAsync(async () => fits(await UseAsync()) ? "so" : null, _patience, "the use that was waited for");
}
