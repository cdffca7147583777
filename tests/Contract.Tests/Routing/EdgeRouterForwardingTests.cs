using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Contract.Tests.Routing;

public sealed class EdgeRouterForwardingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forged_origin_claims_never_reach_the_app()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(EchoHeadersAsync);
        using var request = new HttpRequestMessage();
        foreach (var name in new[] { "X-Forwarded-For", "x-forwarded-proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Prefix", "Forwarded", "X-Real-IP", "X-Slipway-User" })
        {
            request.Headers.TryAddWithoutValidation(name, "forged");
        }

        using var response = await edge.SendAsync(request);
        var seen = await response.Content.ReadAsStringAsync(Ct);

        Assert.DoesNotContain("forged", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-For: 127.0.0.1\n", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Proto: http\n", seen, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Host: app.localhost\n", seen, StringComparison.Ordinal);
        Assert.Contains("Host: app.localhost\n", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hop_by_hop_headers_stop_at_the_edge()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(EchoHeadersAsync);
        using var client = await RawClient.ConnectAsync(edge.Address);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: app.localhost\r\nKeep-Alive: 9\r\nProxy-Authorization: x\r\nTE: trailers\r\nUpgrade: h2c\r\nConnection: close, Keep-Alive, Upgrade\r\n\r\n");
        var seen = await client.ReadToEndAsync(Ct);

        Assert.StartsWith("HTTP/1.1 200", seen, StringComparison.Ordinal);
        foreach (var name in new[] { "Keep-Alive", "Proxy-Authorization", "Upgrade" })
        {
            Assert.DoesNotContain(name + ":", seen, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("harmless-1.2_3", true)]
    [InlineData("has space", false)]
    [InlineData("<script>", false)]
    public async Task Request_id_of_the_client_is_kept_when_harmless_and_reaches_both_sides(string sent, bool isKept)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(context => context.Response.WriteAsync(context.Request.Headers["X-Request-Id"].ToString()));
        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation("X-Request-Id", sent);

        using var response = await edge.SendAsync(request);

        var atApp = await response.Content.ReadAsStringAsync(Ct);
        Assert.Equal(isKept, atApp == sent);
        Assert.Equal(atApp, Assert.Single(response.Headers.GetValues("X-Request-Id")));
    }

    [Theory]
    [InlineData("/a%2Fb/%252F/%41?q=%20+%2B&r=a/b?c")]
    [InlineData("//double//slash/")]
    [InlineData("/a/../b/./c")]
    [InlineData("/%C3%A9?%C3%A9=\"quoted\"|{}")]
    [InlineData("/?")]
    [InlineData("*")]
    [InlineData("http://app.localhost?q")]
    [InlineData("http://app.localhost/x%2Fy")]
    public async Task Target_reaches_the_app_as_it_was_sent(string target)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await using var app = new RawApp(EchoHeadAsync);
        await edge.RouteAsync(app.Address);
        using var client = await RawClient.ConnectAsync(edge.Address);
        var method = target == "*" ? "OPTIONS" : "GET";

        await client.SendAsync($"{method} {target} HTTP/1.1\r\nHost: app.localhost\r\nConnection: close\r\n\r\n");
        var seen = await client.ReadToEndAsync(Ct);

        var expected = target switch
        {
            "*" => "/",
            _ when target.StartsWith("http:", StringComparison.Ordinal) => target["http://app.localhost".Length..] is var rest && rest.StartsWith('/') ? rest : "/" + rest,
            _ => target,
        };
        Assert.Contains($"\r\n\r\n{method} {expected} HTTP/1.1\r\n", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_passes_unchanged()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(async context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = "https://elsewhere.example/x";
            context.Response.Headers.SetCookie = new[] { "a=1; Path=/", "b=2" };
            context.Response.Headers.ContentEncoding = "gzip";
            context.Response.Headers["X-Slipway-Page"] = "forged";
            await context.Response.Body.WriteAsync("not really gzip"u8.ToArray());
        });

        using var response = await edge.GetAsync("/");

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal("https://elsewhere.example/x", response.Headers.Location?.OriginalString);
        Assert.Equal(["a=1; Path=/", "b=2"], response.Headers.GetValues("Set-Cookie"));
        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.Equal("not really gzip", await response.Content.ReadAsStringAsync(Ct));
        Assert.False(response.Headers.Contains("X-Slipway-Page"));
    }

    [Theory]
    [InlineData("HEAD", 200, 11)]
    [InlineData("GET", 204, null)]
    [InlineData("GET", 304, null)]
    public async Task Answers_without_a_body_have_none(string method, int status, int? length)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentLength = length;
            return Task.CompletedTask;
        });
        using var client = await RawClient.ConnectAsync(edge.Address);

        await client.SendAsync($"{method} / HTTP/1.1\r\nHost: app.localhost\r\nConnection: close\r\n\r\n");
        var seen = await client.ReadToEndAsync(Ct);

        Assert.StartsWith($"HTTP/1.1 {status}", seen, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", seen, StringComparison.Ordinal);
        Assert.Equal(length is not null, seen.Contains($"Content-Length: {length}\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Expect_continue_is_answered_before_the_body_is_sent()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync("got " + await reader.ReadToEndAsync(context.RequestAborted));
        });
        using var client = await RawClient.ConnectAsync(edge.Address);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: app.localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 100", await client.ReadUntilAsync("\r\n\r\n", Ct), StringComparison.Ordinal);
        await client.SendAsync("body");

        Assert.Contains("got body", await client.ReadToEndAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_leaves_cancels_the_app()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        var entered = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        await edge.ServeAsync(async context =>
        {
            context.RequestAborted.Register(() => left.TrySetResult());
            entered.TrySetResult();
            await left.Task;
        });
        using var client = await RawClient.ConnectAsync(edge.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: app.localhost\r\n\r\n");
        await entered.Task.WaitAsync(Ct);

        client.Reset();

        await left.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\nhalf")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    public async Task App_that_breaks_off_is_not_passed_on_as_a_whole_answer(string rest)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await using var app = new RawApp(async (stream, _, ct) =>
        {
            await RawApp.ReadHeadAsync(stream, ct);
            await stream.WriteAsync(Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\n" + rest), ct);
        });
        await edge.RouteAsync(app.Address);
        using var request = new HttpRequestMessage();

        // The reset may overtake the head: either way the client is told, and never sees an answer that looks whole.
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var response = await edge.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await response.Content.ReadAsStringAsync(Ct);
        });
    }

    [Fact]
    public async Task App_that_closes_kept_connections_costs_idempotent_requests_nothing()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        // Answers as if to keep the connection, and closes it at once: the edge finds out with its next request.
        await using var app = new RawApp(async (stream, _, ct) =>
        {
            await RawApp.ReadHeadAsync(stream, ct);
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), ct);
        });
        await edge.RouteAsync(app.Address);

        for (var i = 0; i < 200; i++)
        {
            using var response = await edge.GetAsync("/");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task App_that_closes_before_answering_is_asked_once_more_if_that_is_safe()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await using var app = new RawApp(async (stream, number, ct) =>
        {
            await RawApp.ReadHeadAsync(stream, ct);
            if (number % 2 == 0)
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"u8.ToArray(), ct);
            }
        });
        await edge.RouteAsync(app.Address);

        using (var response = await edge.GetAsync("/"))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(2, app.Connections);
        }

        using var post = new HttpRequestMessage(HttpMethod.Post, (Uri?)null) { Content = new StringContent("once only") };
        using var refused = await edge.SendAsync(post);
        Assert.Equal(HttpStatusCode.BadGateway, refused.StatusCode);
        Assert.Equal(3, app.Connections);
    }

    [Fact]
    public async Task App_that_never_answers_is_a_504()
    {
        await using var edge = await EdgeUnderTest.StartedAsync(o => o.ActivityTimeout = TimeSpan.FromMilliseconds(200));
        await edge.ServeAsync(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));

        using var response = await edge.GetAsync("/");

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("timeout", Assert.Single(response.Headers.GetValues("X-Slipway-Page")));
    }

    [Fact]
    public async Task Headers_beyond_the_limit_are_refused()
    {
        await using var edge = await EdgeUnderTest.StartedAsync(o => o.MaxRequestHeadersSize = 8 * 1024);
        await edge.ServeAsync(EchoHeadersAsync);
        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation("X-Big", new string('x', 10_000));

        using var response = await edge.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
    }

    private static async Task EchoHeadersAsync(HttpContext context)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in context.Request.Headers)
        {
            text.Append(name).Append(": ").Append(value.ToString()).Append('\n');
        }

        await context.Response.WriteAsync(text.ToString());
    }

    private static async Task EchoHeadAsync(Stream stream, int number, CancellationToken ct)
    {
        var head = await RawApp.ReadHeadAsync((System.Net.Sockets.NetworkStream)stream, ct) ?? "";
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {head.Length}\r\nConnection: close\r\n\r\n{head}"), ct);
    }
}
