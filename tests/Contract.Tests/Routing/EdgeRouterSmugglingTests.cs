using Microsoft.AspNetCore.Http;

namespace Contract.Tests.Routing;

/// <summary>Requests that two servers could read in two ways are refused by the first.</summary>
public sealed class EdgeRouterSmugglingTests
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: app.localhost\r\n\r\n";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("both lengths", "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("both lengths, turned", "Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n")]
    [InlineData("two lengths", "Content-Length: 5\r\nContent-Length: 0\r\n\r\nhello")]
    [InlineData("a list of lengths", "Content-Length: 5, 5\r\n\r\nhello")]
    [InlineData("a negative length", "Content-Length: -5\r\n\r\nhello")]
    [InlineData("a hexadecimal length", "Content-Length: 0x5\r\n\r\nhello")]
    [InlineData("another coding", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("two codings", "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("coding then identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n")]
    [InlineData("space before the colon", "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("folded header", "X-A: b\r\n c\r\n\r\n")]
    [InlineData("folded coding", "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("second host", "Host: other.localhost\r\n\r\n")]
    [InlineData("bare CR in a value", "X-A: b\rX-B: c\r\n\r\n")]
    [InlineData("NUL in a value", "X-A: b\0c\r\n\r\n")]
    [InlineData("no name", ": x\r\n\r\n")]
    [InlineData("name with a space", "X A: x\r\n\r\n")]
    public async Task Ambiguous_headers_are_refused(string what, string rest) =>
        await AssertRefusedAsync(what, "POST / HTTP/1.1\r\nHost: app.localhost\r\n" + rest);

    [Theory]
    [InlineData("other authority", "GET http://other.localhost/ HTTP/1.1\r\nHost: app.localhost\r\n\r\n")]
    [InlineData("no host", "GET / HTTP/1.1\r\n\r\n")]
    [InlineData("empty second host", "GET / HTTP/1.1\r\nHost: app.localhost\r\nHost:\r\n\r\n")]
    [InlineData("host with a path", "GET / HTTP/1.1\r\nHost: app.localhost/other\r\n\r\n")]
    [InlineData("host with user info", "GET / HTTP/1.1\r\nHost: other@app.localhost\r\n\r\n")]
    [InlineData("host with a comma", "GET / HTTP/1.1\r\nHost: app.localhost, other.localhost\r\n\r\n")]
    [InlineData("coding in HTTP/1.0", "POST / HTTP/1.0\r\nHost: app.localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("fragment in the target", "GET /a#b HTTP/1.1\r\nHost: app.localhost\r\n\r\n")]
    [InlineData("raw bytes in the target", "GET /\u00e9 HTTP/1.1\r\nHost: app.localhost\r\n\r\n")]
    [InlineData("space in the target", "GET /a b HTTP/1.1\r\nHost: app.localhost\r\n\r\n")]
    [InlineData("NUL in the target", "GET /%00 HTTP/1.1\r\nHost: app.localhost\r\n\r\n")]
    [InlineData("another version", "GET / HTTP/1.2\r\nHost: app.localhost\r\n\r\n")]
    [InlineData("bad method", "G\u0001T / HTTP/1.1\r\nHost: app.localhost\r\n\r\n")]
    public async Task Ambiguous_request_lines_are_refused(string what, string request) => await AssertRefusedAsync(what, request);

    /// <summary>Kestrel takes a plus sign; what matters is that the app is not left to make sense of it.</summary>
    [Fact]
    public async Task Length_with_a_plus_sign_reaches_the_app_as_digits()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(context => context.Response.WriteAsync(context.Request.Headers.ContentLength.ToString() ?? ""));
        using var client = await RawClient.ConnectAsync(edge.Address);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: app.localhost\r\nContent-Length: +5\r\nConnection: close\r\n\r\nhello");

        Assert.Contains("\r\n5\r\n", await client.ReadToEndAsync(Ct), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CONNECT app.localhost:80 HTTP/1.1\r\nHost: app.localhost:80\r\n\r\n")]
    [InlineData("TRACE / HTTP/1.1\r\nHost: app.localhost\r\n\r\n")]
    public async Task Methods_that_are_the_proxys_own_are_not_served(string request)
    {
        var (answer, _) = await SendAsync(request);

        Assert.StartsWith("HTTP/1.1 405", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bad size", "zz\r\nhello\r\n0\r\n\r\n")]
    [InlineData("signed size", "-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("size too large", "ffffffffffffffff1\r\nhello\r\n0\r\n\r\n")]
    [InlineData("extension ended by a bare line feed", "5;a\nhello\r\n0\r\n\r\n")]
    [InlineData("chunk longer than its size", "3\r\nhello\r\n0\r\n\r\n")]
    public async Task Malformed_chunks_never_end_as_a_good_request(string what, string body)
    {
        var (answer, seen) = await SendAsync("POST / HTTP/1.1\r\nHost: app.localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + body + Smuggled);

        Assert.False(answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal), what);
        Assert.DoesNotContain(seen, target => target.Contains("smuggled", StringComparison.Ordinal));
    }

    private static async Task AssertRefusedAsync(string what, string request)
    {
        var (answer, seen) = await SendAsync(request + Smuggled);

        Assert.True(answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal), $"{what}: {answer}");
        Assert.Empty(seen);
    }

    /// <summary>The connection must end by the edge's will; otherwise what follows would be read as a second request.</summary>
    private static async Task<(string Answer, IReadOnlyCollection<string> SeenByApp)> SendAsync(string request)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await edge.ServeAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await reader.ReadToEndAsync(context.RequestAborted);
            seen.Enqueue($"{context.Request.Method} {context.Request.Path}");
            await context.Response.WriteAsync("app");
        });
        using var client = await RawClient.ConnectAsync(edge.Address);
        await client.SendAsync(request);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        return (await client.ReadToEndAsync(patience.Token), seen);
    }
}
