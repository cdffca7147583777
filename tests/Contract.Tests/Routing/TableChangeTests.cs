using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Core;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge;
using Slipway.Edge.Admin;
using Slipway.Edge.Hosts;
using Slipway.Edge.Publishing;

namespace Contract.Tests.Routing;

public sealed class TableChangeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void A_change_makes_the_table_that_it_was_taken_from()
    {
        var chance = new Random(7);
        var before = new RouteTable(1, [.. Enumerable.Range(0, 100).Select(i => Some(i, chance))]) { Rules = Rules("a", "b") };
        for (var round = 0; round < 200; round++)
        {
            var routes = before.Routes.Where(_ => chance.Next(30) > 0).Select(r => chance.Next(30) == 0 ? Some(Number(r), chance) : r).Concat(Enumerable.Range(1_000 + (3 * round), 3).Select(i => Some(i, chance))).ToList();
            var after = new RouteTable(before.Number + 1 + chance.Next(3), routes) { Rules = chance.Next(2) == 0 ? Rules("a", "b") : Rules("a", "b", "c") };

            var change = Assert.IsType<TableChange>(TableChange.Between(before, after));

            Assert.Null(TableCheck.FindFault(change, before));
            var made = change.Of(before);
            Assert.True(TableCheck.AreSame(after, made));
            Assert.Equal(after.Rules!.Keys.Order(), made.Rules!.Keys.Order());
            before = after;
        }
    }

    [Fact]
    public void Few_routes_many_changes_and_no_younger_table_are_sent_whole()
    {
        var chance = new Random(1);
        var table = new RouteTable(5, [.. Enumerable.Range(0, 20).Select(i => Some(i, chance) with { Rules = null })]);

        Assert.Null(TableChange.Between(null, table));
        Assert.Null(TableChange.Between(table, table));
        Assert.Null(TableChange.Between(table, table with { Number = 6, Routes = [.. table.Routes.Take(3)] }));
        Assert.Equal(["app-19.localhost"], TableChange.Between(table, table with { Number = 6, Routes = [.. table.Routes.Take(19)] })?.Gone);
    }

    [Fact]
    public async Task A_changed_route_serves_and_the_others_go_on()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        var (one, two) = (await edge.StartAppAsync(c => { c.Response.StatusCode = 201; return Task.CompletedTask; }), await edge.StartAppAsync(c => { c.Response.StatusCode = 202; return Task.CompletedTask; }));
        Route[] routes = [.. Enumerable.Range(0, 20).Select(i => To(i, one))];
        await edge.Router.PublishAsync(new RouteTable(1, routes), Ct);

        await edge.Router.PublishAsync(new RouteTable(2, [.. routes[..18], To(18, two), To(77, two)]), Ct);

        Assert.Equal(2, await edge.Router.CurrentAsync(Ct));
        Assert.Equal(new[] { 201, 202, 404, 202 }, await StatusesAsync(edge, 0, 18, 19, 77));
        // The file has it as well: a restarted edge serves it before anybody has said anything.
        await edge.StopAsync();
        await edge.StartAsync();
        Assert.Equal(new[] { 201, 202, 404, 202 }, await StatusesAsync(edge, 0, 18, 19, 77));
    }

    [Fact]
    public async Task An_edge_that_has_another_table_than_we_think_gets_the_whole()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        var app = await edge.StartAppAsync(c => { c.Response.StatusCode = 201; return Task.CompletedTask; });
        Route[] routes = [.. Enumerable.Range(0, 20).Select(i => To(i, app))];
        await edge.Router.PublishAsync(new RouteTable(1, routes), Ct);
        // Its disk lost the table while it was down.
        await edge.StopAsync();
        File.Delete(edge.Options.TableFile);
        await edge.StartAsync();

        await edge.Router.PublishAsync(new RouteTable(2, [.. routes, To(77, app)]), Ct);

        Assert.Equal(new[] { 201, 201, 201 }, await StatusesAsync(edge, 0, 19, 77));
    }

    [Theory]
    [InlineData("""{"base":1,"number":1,"set":[],"gone":[],"rules":{},"rulesGone":[]}""", HttpStatusCode.BadRequest, "no younger")]
    [InlineData("""{"base":1,"number":2}""", HttpStatusCode.BadRequest, "without routes")]
    [InlineData("""{"base":1,"number":2,"set":[{"host":"a","kind":"App","destinations":["nonsense"]}],"gone":[],"rules":{},"rulesGone":[]}""", HttpStatusCode.BadRequest, "no ip:port")]
    [InlineData("""{"base":1,"number":2,"set":[],"gone":[],"rules":{},"rulesGone":["a"]}""", HttpStatusCode.BadRequest, "which are to go")]
    [InlineData("""{"base":7,"number":8,"set":[],"gone":[],"rules":{},"rulesGone":[]}""", HttpStatusCode.Conflict, "another table")]
    [InlineData("""{"base":""", HttpStatusCode.BadRequest, "")]
    public async Task An_unsound_change_changes_nothing_and_is_told(string body, HttpStatusCode status, string words)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.Router.PublishAsync(new RouteTable(1, [To(0, LoopbackApp.DeadAddress) with { Rules = "a" }]) { Rules = Rules("a") }, Ct);
        using var admin = AdminConnection.Create(new EdgeRouterOptions { AdminSocket = edge.Options.AdminSocket, RunFile = edge.Options.RunFile });

        using var answer = await admin.PatchAsync("/table", new StringContent(body), Ct);

        Assert.Equal(status, answer.StatusCode);
        var told = await answer.Content.ReadFromJsonAsync<TableAnswer>(JsonSerializerOptions.Web, Ct);
        Assert.Equal(1, told?.Current);
        Assert.Contains(words, told?.Error, StringComparison.Ordinal);
    }

    private static async Task<int[]> StatusesAsync(EdgeUnderTest edge, params int[] apps)
    {
        var seen = new List<int>();
        foreach (var app in apps)
        {
            using var answer = await edge.GetAsync("/", Host(app));
            seen.Add((int)answer.StatusCode);
        }

        return [.. seen];
    }

    private static string Host(int number) => string.Create(CultureInfo.InvariantCulture, $"app-{number}.localhost");

    private static int Number(Route route) => int.Parse(route.Host["app-".Length..route.Host.IndexOf('.')], CultureInfo.InvariantCulture);

    private static Route To(int number, string destination) => new(Host(number), RouteKind.App, [destination], StrongId.New<DeploymentId>(TimeProvider.System));

    private static Route Some(int number, Random chance) => chance.Next(3) switch
    {
        0 => To(number, $"127.0.0.1:{chance.Next(1, 5)}"),
        1 => To(number, "127.0.0.1:9") with { Rules = chance.Next(2) == 0 ? "a" : "b" },
        _ => new Route(Host(number), RouteKind.Building, [], null),
    };

    private static Dictionary<string, EdgeRules> Rules(params string[] names) => names.ToDictionary(name => name, _ => new EdgeRules { Redirects = [new("/(.*)", "/elsewhere", 308)] });
}
