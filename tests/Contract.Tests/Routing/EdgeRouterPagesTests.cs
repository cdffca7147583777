using System.Net;
using System.Net.Http.Json;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Core.Pipeline.Routing;

namespace Contract.Tests.Routing;

public sealed class EdgeRouterPagesTests
{
    private static readonly DeploymentId _deployment = new(Guid.Parse("01930000-0000-7000-8000-000000000001"));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RouteKind.Building, 503, "building", true)]
    [InlineData(RouteKind.Failed, 503, "failed", false)]
    [InlineData(RouteKind.Ended, 410, "ended", false)]
    [InlineData(RouteKind.Unavailable, 503, "unavailable", true)]
    public async Task Own_page_names_itself_and_links_to_the_deployment(RouteKind kind, int status, string word, bool comesAgain)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.PublishAsync(new Route("app.localhost", kind, [], _deployment, "http://slipway.localhost/d/1?a=1&b=2"));

        using var response = await edge.GetAsync("/deep/path?x=1");
        var html = await response.Content.ReadAsStringAsync(Ct);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(word, Assert.Single(response.Headers.GetValues("X-Slipway-Page")));
        Assert.Equal(comesAgain, response.Headers.RetryAfter is not null);
        Assert.Equal(comesAgain, html.Contains("http-equiv=\"refresh\"", StringComparison.Ordinal));
        Assert.Contains("href=\"http://slipway.localhost/d/1?a=1&amp;b=2\"", html, StringComparison.Ordinal);
        Assert.Contains(_deployment.ToString(), html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Failed_page_says_so()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.PublishAsync(new Route("app.localhost", RouteKind.Failed, [], _deployment));

        using var response = await edge.GetAsync("/");

        Assert.Contains("this deployment failed", await response.Content.ReadAsStringAsync(Ct), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Ended_page_says_when_and_why_and_the_way_to_build_it_again()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.PublishAsync(new Route("app.localhost", RouteKind.Ended, [], _deployment, "http://slipway.localhost/d/1", Note: "It ended on 1 March 2026, 12:00 UTC: nobody used it for <14> days."));

        using var response = await edge.GetAsync("/");
        var html = await response.Content.ReadAsStringAsync(Ct);

        Assert.Contains("It ended on 1 March 2026, 12:00 UTC: nobody used it for &lt;14&gt; days. Its log is kept.", html, StringComparison.Ordinal);
        Assert.Contains($"slipway redeploy {_deployment}", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_a_problem_document()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        using var request = new HttpRequestMessage();
        request.Headers.Accept.ParseAdd("application/json");

        using var response = await edge.SendAsync(request);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("edge.unknown_host", problem.GetProperty("code").GetString());
        Assert.Equal(404, problem.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Nothing_of_the_request_becomes_markup()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        using var client = await RawClient.ConnectAsync(edge.Address);

        await client.SendAsync("GET /<script> HTTP/1.1\r\nHost: a'b&c.localhost\r\nConnection: close\r\n\r\n");
        var answer = await client.ReadToEndAsync(Ct);

        Assert.DoesNotContain("<script", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("a'b&c", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("/relative")]
    public async Task Only_web_addresses_become_links(string url)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.PublishAsync(new Route("app.localhost", RouteKind.Failed, [], _deployment, url));

        using var response = await edge.GetAsync("/");

        Assert.DoesNotContain("href", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task App_that_is_gone_is_a_502_page_of_the_edge()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.RouteAsync(LoopbackApp.DeadAddress);

        using var response = await edge.GetAsync("/");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("unreachable", Assert.Single(response.Headers.GetValues("X-Slipway-Page")));
    }

    [Fact]
    public async Task Control_plane_answers_this_machine_only()
    {
        var outside = NetworkInterface.GetAllNetworkInterfaces()
            .Where(n => n.OperationalStatus == OperationalStatus.Up)
            .SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        Assert.SkipWhen(outside is null, "this machine has no address but loopback");
        await using var edge = await EdgeUnderTest.StartedAsync(o => o.BindPublic = true);
        var api = await edge.StartAppAsync(context => context.Response.WriteAsync("the api itself"));
        await edge.PublishAsync(new Route("slipway.localhost", RouteKind.ControlPlane, [api], null));

        using (var response = await edge.GetAsync("/", "slipway.localhost"))
        {
            Assert.Equal("the api itself", await response.Content.ReadAsStringAsync(Ct));
        }

        using var client = await RawClient.ConnectAsync(outside.ToString(), edge.Address.Port);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: slipway.localhost\r\nX-Forwarded-For: 127.0.0.1\r\nConnection: close\r\n\r\n");
        var answer = await client.ReadToEndAsync(Ct);
        Assert.StartsWith("HTTP/1.1 403", answer, StringComparison.Ordinal);
        Assert.Contains("X-Slipway-Page: control_plane_local", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("the api itself", answer, StringComparison.Ordinal);
    }
}
