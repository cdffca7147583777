using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Contract.Tests.Routing;

/// <summary>What the real edge compresses, and what it leaves alone.</summary>
public sealed class EdgeCompressionTests
{
    private static readonly string Text = string.Concat(Enumerable.Repeat("<p>the same again</p>\n", 200));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("zstd", null)]
    [InlineData("", null)]
    public async Task A_page_goes_out_as_the_client_takes_it(string accepts, string? encoding)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(Page("text/html; charset=utf-8"));

        using var answer = await AskAsync(edge, accepts);

        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal(Text, await ReadAsync(answer));
        Assert.Equal(encoding is null ? "\"tag\"" : "W/\"tag\"", answer.Headers.ETag?.ToString());
        if (encoding is not null) Assert.Contains("Accept-Encoding", answer.Headers.Vary);
    }

    [Theory]
    [InlineData("image/png", null, null, 200)]
    [InlineData("text/event-stream", null, null, 200)]
    [InlineData("application/grpc", null, null, 200)]
    [InlineData("text/html", "public, no-transform", null, 200)]
    [InlineData("text/html", null, "identity-of-its-own", 200)]
    [InlineData("text/html", null, null, 206)]
    public async Task What_gains_nothing_or_is_not_ours_stays_as_it_is(string type, string? cacheControl, string? encoded, int status)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(Page(type, cacheControl, encoded, status));

        using var answer = await AskAsync(edge, "gzip, br");

        Assert.Equal(encoded, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal((Text.Length, "\"tag\""), ((int?)answer.Content.Headers.ContentLength, answer.Headers.ETag?.ToString()));
        Assert.Equal(Text, await answer.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task A_small_answer_and_a_head_stay_as_they_are()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(context =>
        {
            context.Response.ContentType = "text/html";
            context.Response.ContentLength = HttpMethods.IsHead(context.Request.Method) ? 5000 : 5;
            return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync("small", context.RequestAborted);
        });

        using var small = await AskAsync(edge, "br");
        using var head = await AskAsync(edge, "br", HttpMethod.Head);

        Assert.Empty(small.Content.Headers.ContentEncoding);
        Assert.Equal("small", await small.Content.ReadAsStringAsync(Ct));
        Assert.Equal(5000, head.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/event-stream")]
    public async Task A_piece_goes_out_before_the_next_one_is_written(string type)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await edge.ServeAsync(async context =>
        {
            context.Response.ContentType = type;
            await context.Response.WriteAsync("first piece\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await next.Task.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("second piece\n", context.RequestAborted);
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative));
        request.Headers.Add("Accept-Encoding", "gzip");

        using var answer = await edge.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var raw = await answer.Content.ReadAsStreamAsync(Ct);
        await using var body = answer.Content.Headers.ContentEncoding.Count == 0 ? raw : new GZipStream(raw, CompressionMode.Decompress);
        using var lines = new StreamReader(body);

        Assert.Equal("first piece", await lines.ReadLineAsync(Ct).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Ct));
        next.SetResult();
        Assert.Equal("second piece", await lines.ReadLineAsync(Ct));
        Assert.Equal(type == "text/html" ? 1 : 0, answer.Content.Headers.ContentEncoding.Count);
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await using var edge = await EdgeUnderTest.StartedAsync(o => o.Compression = false);
        await edge.ServeAsync(Page("text/html"));
        using var answer = await AskAsync(edge, "br");
        Assert.Equal(Text, await answer.Content.ReadAsStringAsync(Ct));
    }

    internal static async Task<string> ReadAsync(HttpResponseMessage answer)
    {
        await using var raw = await answer.Content.ReadAsStreamAsync(Ct);
        await using Stream body = answer.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "br" => new BrotliStream(raw, CompressionMode.Decompress),
            "gzip" => new GZipStream(raw, CompressionMode.Decompress),
            _ => raw,
        };
        using var reader = new StreamReader(body, Encoding.UTF8);
        return await reader.ReadToEndAsync(Ct);
    }

    private static RequestDelegate Page(string type, string? cacheControl = null, string? encoded = null, int status = 200) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.Headers.ETag = "\"tag\"";
        context.Response.ContentLength = Text.Length;
        if (cacheControl is not null) context.Response.Headers.CacheControl = cacheControl;
        if (encoded is not null) context.Response.Headers.ContentEncoding = encoded;
        if (status == 206) context.Response.Headers.ContentRange = $"bytes 0-{Text.Length - 1}/9999";
        return context.Response.WriteAsync(Text, context.RequestAborted);
    };

    private static async Task<HttpResponseMessage> AskAsync(EdgeUnderTest edge, string accepts, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri("/", UriKind.Relative));
        if (accepts.Length > 0) request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
        return await edge.SendAsync(request);
    }
}
