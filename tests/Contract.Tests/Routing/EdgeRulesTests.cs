using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Slipway.Core;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Routing;

namespace Contract.Tests.Routing;

/// <summary>Rules on the real edge before a real app.</summary>
public sealed class EdgeRulesTests
{
    [Fact]
    public async Task Redirect_is_answered_by_the_edge_and_wakes_nobody()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        var asleep = new Route("app.localhost", RouteKind.Asleep, [], StrongId.New<DeploymentId>(TimeProvider.System));
        await edge.PublishAsync(new EdgeRules { Redirects = [new("/old/:path*", "/new/:path*", 307)] }, asleep);

        using var answer = await edge.GetAsync("/old/a%2Fb/c?q=1");

        Assert.Equal((HttpStatusCode)307, answer.StatusCode);
        Assert.Equal("/new/a%2Fb/c?q=1", answer.Headers.Location?.OriginalString);
        Assert.DoesNotContain((await edge.Router.UseAsync(TestContext.Current.CancellationToken)).Deployments, u => u.IsWanted);
    }

    [Fact]
    public async Task What_the_app_has_goes_before_rewrites()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(new EdgeRules { Rewrites = [new("/(.*)", "/index.html?from=$1")] }, Has("/index.html", "/style.css"));

        Assert.Equal("GET /style.css?v=1", await BodyAsync(edge, "/style.css?v=1"));
        Assert.Equal("GET /index.html?v=1&from=some/page", await BodyAsync(edge, "/some/page?v=1"));
    }

    [Fact]
    public async Task Where_no_rewrite_is_left_the_apps_own_answer_stands()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(new EdgeRules { Rewrites = [new("/a", "/b"), new("/b", "/c")] }, Has("/x"));

        using var answer = await edge.GetAsync("/a");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("no /c", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_sent_is_rewritten_at_once_and_whole_but_not_to_a_page()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(new EdgeRules { Rewrites = [new("/v1/:path*", "/api/:path*"), new("/(.*)", "/index.html")] }, Has("/api/items", "/other"));

        Assert.Equal("POST /api/items hello", await PostAsync(edge, "/v1/items"));
        Assert.Equal("POST /other hello", await PostAsync(edge, "/other"));
    }

    [Fact]
    public async Task A_servers_own_word_on_a_header_goes_before_the_rule_and_a_files_does_not()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        var rules = new EdgeRules { Headers = [new("/(.*)", [new("Cache-Control", "public, max-age=60"), new("X-Frame-Options", "DENY")])] };
        RequestDelegate answer = context =>
        {
            context.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        };
        await edge.ServeAsync(rules, answer);
        using var server = await edge.GetAsync("/a");
        await edge.ServeAsync(rules with { IsStatic = true }, answer);
        using var files = await edge.GetAsync("/a");

        Assert.Equal(("no-store", "DENY"), (server.Headers.CacheControl?.ToString(), server.Headers.GetValues("X-Frame-Options").Single()));
        Assert.Equal("public, max-age=60", files.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Static_server_is_told_what_is_decided_here_and_nobody_else_can_tell_it()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(
            new EdgeRules { IsStatic = true, TrailingSlash = true, Rewrites = [new("/app/(.*)", "/shell/")] },
            context => context.Response.WriteAsync(context.Request.Headers["X-Slipway-Files"].ToString(), context.RequestAborted));

        Assert.Equal("exact, loose", await BodyAsync(edge, "/app/x/"));
        Assert.Equal("loose", await BodyAsync(edge, "/other/"));
        await edge.ServeAsync(context => context.Response.WriteAsync($"<{context.Request.Headers["X-Slipway-Files"]}>", context.RequestAborted));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative));
        request.Headers.Add("X-Slipway-Files", "exact");
        using var forged = await edge.SendAsync(request);
        Assert.Equal("<>", await forged.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task External_rewrite_asks_the_other_server_by_its_own_name()
    {
        await using var edge = await EdgeUnderTest.StartedAsync(o => o.MayReach = _ => true);
        var other = await edge.StartAppAsync(async context =>
        {
            context.Response.Headers["X-Slipway-Page"] = "forged";
            using var body = new StreamReader(context.Request.Body, Encoding.UTF8);
            await context.Response.WriteAsync($"{context.Request.Host} {context.Request.Method} {context.Request.GetEncodedPathAndQuery()} {context.Request.Headers["X-Forwarded-Host"]} {await body.ReadToEndAsync(context.RequestAborted)}", context.RequestAborted);
        });
        await edge.ServeAsync(new EdgeRules { Rewrites = [new("/api/:path*", $"http://{other}/v2/:path*?key=1")], Headers = [new("/api/(.*)", [new("X-Rule", "1")])] }, Has("/api/mine"));

        using var answer = await edge.GetAsync("/api/a%20b/c?q=1");

        Assert.Equal($"{other} GET /v2/a%20b/c?q=1&key=1 app.localhost ", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.False(answer.Headers.Contains("X-Slipway-Page"));
        Assert.Equal("1", answer.Headers.GetValues("X-Rule").Single());
        Assert.Equal("GET /api/mine", await BodyAsync(edge, "/api/mine"));
        Assert.Equal($"{other} POST /v2/new?key=1 app.localhost hello", await PostAsync(edge, "/api/new"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("0.0.0.0")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    public async Task External_rewrite_never_reaches_what_is_private_by_whatever_name(string host)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        var wasAsked = false;
        var secret = await edge.StartAppAsync(_ => { wasAsked = true; return Task.CompletedTask; });
        var port = secret.Split(':')[1];
        await edge.ServeAsync(new EdgeRules { Rewrites = [new("/x", $"http://{host}:{port}/")] }, Has());

        using var answer = await edge.GetAsync("/x");

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("rewrite_private", answer.Headers.GetValues("X-Slipway-Page").Single());
        Assert.False(wasAsked);
    }

    [Fact]
    public async Task Rewrites_that_lead_in_a_circle_end()
    {
        await using var edge = await EdgeUnderTest.StartedAsync(o => o.MayReach = _ => true);
        await edge.PublishAsync(
            new EdgeRules { Rewrites = [new("/(.*)", $"http://{edge.Address.Authority}/$1")] },
            new Route("app.localhost", RouteKind.App, [await edge.StartAppAsync(Has())], null), new Route("127.0.0.1", RouteKind.App, [await edge.StartAppAsync(Has())], null));

        using var answer = await edge.GetAsync("/x");

        Assert.Equal(HttpStatusCode.LoopDetected, answer.StatusCode);
    }

    [Fact]
    public async Task Rule_that_takes_too_long_costs_its_own_host_one_answer_and_nobody_else_any()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        var app = await edge.StartAppAsync(Has("/" + new string('a', 2000) + "!"));
        await edge.PublishAsync(new EdgeRules { Redirects = [new("/((?!x)(?:[ab]|a[ab])+)", "/b", 308)] }, new Route("app.localhost", RouteKind.App, [app], null));

        using var answer = await edge.GetAsync("/" + new string('a', 2000) + "!");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("rule_slow", answer.Headers.GetValues("X-Slipway-Page").Single());
    }

    [Fact]
    public async Task Rules_survive_a_restart_and_do_not_stand_in_the_probes_way()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(new EdgeRules { Redirects = [new("/", "/home", 308)] }, Has("/"));
        await edge.StopAsync();
        await edge.StartAsync();

        using var answer = await edge.GetAsync("/");

        Assert.Equal(HttpStatusCode.PermanentRedirect, answer.StatusCode);
        Assert.Equal(new ProbeResult(200, true, null), await edge.Router.ProbeAsync("app.localhost", "/", TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Table_that_names_rules_it_has_not_is_refused()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => edge.PublishAsync(new Route("app.localhost", RouteKind.App, [], null, Rules: "none")));
    }

    /// <summary>An app that has some paths and tells what it was asked.</summary>
    private static RequestDelegate Has(params string[] paths) => async context =>
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var isThere = paths.Contains(context.Request.Path.Value);
        context.Response.StatusCode = isThere ? 200 : 404;
        await context.Response.WriteAsync(isThere ? $"{context.Request.Method} {context.Request.GetEncodedPathAndQuery()} {body}".TrimEnd() : $"no {context.Request.Path}", context.RequestAborted);
    };

    private static async Task<string> BodyAsync(EdgeUnderTest edge, string path)
    {
        using var answer = await edge.GetAsync(path);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<string> PostAsync(EdgeUnderTest edge, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new StringContent("hello") };
        using var answer = await edge.SendAsync(request);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
