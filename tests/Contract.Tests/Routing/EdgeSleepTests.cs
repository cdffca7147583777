using System.Net;
using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Testing.Hosting;

namespace Contract.Tests.Routing;

/// <summary>What the edge does for a sleeping app besides the contract: the companion's thaw, crawlers, and the bounds.</summary>
public sealed class EdgeSleepTests
{
    private const string Group = "docker/3f";
    private const string Googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    private const string Monitor = "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)";
    private readonly DeploymentId _app = StrongId.New<DeploymentId>(TimeProvider.System);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_at_once_wake_it_once_and_are_all_answered_without_the_control_plane()
    {
        await using var edge = await StartAsync();
        var mayThaw = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var companion = new ScriptedCompanion(edge.Options.CompanionSocket, async said =>
        {
            Assert.Equal($"thaw {Group}\n", said);
            await mayThaw.Task;
            return "ok\n";
        });
        await edge.PublishAsync(Frozen(await edge.StartAppAsync(Hello)));

        var all = Enumerable.Range(0, 1000).Select(_ => edge.GetAsync("/")).ToList();
        await edge.WaitingAsync(1000);
        Assert.True((await UseAsync(edge))?.IsWanted);
        mayThaw.SetResult();

        foreach (var asked in all)
        {
            using var answer = await asked;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(1, companion.Asked);
        await Looking.UntilAsync(async () => (await UseAsync(edge)) is { Open: 0 } ? "ended" : null, TimeSpan.FromSeconds(10), "the end of all requests");
        Assert.Equal(0, Assert.Single(await edge.Router.TrafficAsync(Ct)).InFlight);
    }

    [Fact]
    public async Task A_freeze_that_came_late_is_thawed_again_under_the_request()
    {
        await using var edge = await StartAsync();
        await using var companion = new ScriptedCompanion(edge.Options.CompanionSocket, _ => Task.FromResult("ok\n"));
        var isHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await edge.PublishAsync(Frozen(await edge.StartAppAsync(async context =>
        {
            await isHeld.Task;
            await Hello(context);
        })));

        var asked = edge.GetAsync("/");
        await Looking.UntilAsync(() => companion.Asked >= 3 ? "again" : null, TimeSpan.FromSeconds(10), "a thaw under way of the request");
        isHeld.SetResult();

        using var answer = await asked;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("gone\n")]
    [InlineData("no\n")]
    [InlineData(null)]
    public async Task Where_the_companion_cannot_the_control_plane_wakes_it(string? answers)
    {
        await using var edge = await StartAsync();
        await using var companion = answers is null ? null : new ScriptedCompanion(edge.Options.CompanionSocket, _ => Task.FromResult(answers));
        var app = await edge.StartAppAsync(Hello);
        await edge.PublishAsync(Frozen(app));

        var asked = edge.GetAsync("/");
        await edge.WaitingAsync(1);
        await edge.PublishAsync(new Route("app.localhost", RouteKind.App, [app], _app));

        using var answer = await asked;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task One_that_does_not_wake_in_time_is_told_to_come_again()
    {
        await using var edge = await StartAsync(options => options.WaitForWake = TimeSpan.FromMilliseconds(300));
        await edge.PublishAsync(Stopped());

        using var answer = await edge.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(["asleep"], answer.Headers.GetValues("X-Slipway-Page"));
    }

    [Fact]
    public async Task Those_beyond_the_bound_are_told_so_and_wake_nothing()
    {
        await using var edge = await StartAsync(options => options.MaxWaiting = 1);
        var other = StrongId.New<DeploymentId>(TimeProvider.System);
        await edge.PublishAsync(Stopped(), new Route("other.localhost", RouteKind.Asleep, [], other));

        var asked = edge.GetAsync("/");
        await edge.WaitingAsync(1);
        using var told = await edge.GetAsync("/", "other.localhost");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, told.StatusCode);
        Assert.NotNull(told.Headers.RetryAfter);
        Assert.Equal([_app], (await edge.Router.UseAsync(Ct)).Deployments.Select(use => use.Deployment));
        await WakeAsync(edge);
        (await asked).Dispose();
    }

    [Fact]
    public async Task Large_bodies_fill_the_room_before_many_requests_do()
    {
        await using var edge = await StartAsync(options => options.MaxWaitingMegabytes = 3);
        await edge.PublishAsync(Stopped());

        var first = Enumerable.Range(0, 2).Select(_ => PostAsync(edge, 1 << 20)).ToList();
        await edge.WaitingAsync(2);
        using var told = await PostAsync(edge, 1 << 20);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, told.StatusCode);
        var small = PostAsync(edge, 100);
        await edge.WaitingAsync(3);

        await WakeAsync(edge);
        foreach (var posted in first.Append(small))
        {
            using var answer = await posted;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData(Googlebot, HttpStatusCode.ServiceUnavailable, true)]
    [InlineData(Monitor, HttpStatusCode.OK, false)]
    public async Task Crawlers_and_monitors_get_a_cheap_answer_and_wake_nothing(string agent, HttpStatusCode status, bool isToRetry)
    {
        await using var edge = await StartAsync();
        await edge.PublishAsync(Stopped());

        using var answer = await GetAsync(edge, agent);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(isToRetry, answer.Headers.RetryAfter is not null);
        Assert.Equal(["asleep"], answer.Headers.GetValues("X-Slipway-Page"));
        Assert.Null(await UseAsync(edge));
    }

    [Theory]
    [InlineData(Googlebot, false)]
    [InlineData(Monitor, false)]
    [InlineData("Mozilla/5.0 (Linux; Android 14; CUBOT_X90) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36", true)]
    [InlineData("curl/8.5.0", true)]
    [InlineData(null, true)]
    public async Task Only_people_and_programs_are_use_of_an_app_that_is_awake(string? agent, bool isUse)
    {
        await using var edge = await StartAsync();
        await edge.PublishAsync(new Route("app.localhost", RouteKind.App, [await edge.StartAppAsync(Hello)], _app));

        using var answer = await GetAsync(edge, agent);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(isUse, (await UseAsync(edge))?.LastUsedAt is not null);
    }

    [Fact]
    public async Task Where_the_project_says_so_crawlers_wake_it()
    {
        await using var edge = await StartAsync();
        await edge.PublishAsync(Stopped() with { CrawlersWake = true });

        var asked = GetAsync(edge, Googlebot);
        await edge.WaitingAsync(1);
        await edge.PublishAsync(new Route("app.localhost", RouteKind.App, [await edge.StartAppAsync(Hello)], _app, CrawlersWake: true));

        using var answer = await asked;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotNull((await UseAsync(edge))?.LastUsedAt);
    }

    [Fact]
    public async Task A_restarted_edge_still_knows_who_sleeps()
    {
        await using var edge = await StartAsync();
        await using var companion = new ScriptedCompanion(edge.Options.CompanionSocket, _ => Task.FromResult("ok\n"));
        await edge.PublishAsync(Frozen(await edge.StartAppAsync(Hello)));
        await edge.StopAsync();
        await edge.StartAsync();

        using var answer = await edge.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, companion.Asked);
    }

    private Route Frozen(string destination) => new("app.localhost", RouteKind.Asleep, [destination], _app, Freezer: Group);

    private Route Stopped() => new("app.localhost", RouteKind.Asleep, [], _app);

    private async Task WakeAsync(EdgeUnderTest edge) => await edge.PublishAsync(new Route("app.localhost", RouteKind.App, [await edge.StartAppAsync(Hello)], _app));

    private async Task<DeploymentUse?> UseAsync(EdgeUnderTest edge) => (await edge.Router.UseAsync(Ct)).Of(_app);

    private static Task Hello(HttpContext context) => context.Response.WriteAsync("hello");

    private static async Task<EdgeUnderTest> StartAsync(Action<Slipway.Edge.EdgeOptions>? more = null) => await EdgeUnderTest.StartedAsync(options =>
    {
        options.CompanionSocket = Path.Combine(Path.GetDirectoryName(options.TableFile) ?? "", "companion.sock");
        Directory.CreateDirectory(Path.GetDirectoryName(options.CompanionSocket) ?? "");
        more?.Invoke(options);
    });

    private static async Task<HttpResponseMessage> GetAsync(EdgeUnderTest edge, string? agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative));
        if (agent is not null) request.Headers.TryAddWithoutValidation("User-Agent", agent);
        return await edge.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> PostAsync(EdgeUnderTest edge, int bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/", UriKind.Relative)) { Content = new ByteArrayContent(new byte[bytes]) };
        return await edge.SendAsync(request);
    }
}
