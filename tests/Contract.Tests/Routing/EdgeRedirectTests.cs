using System.Net;
using Slipway.Core.Pipeline.Routing;

namespace Contract.Tests.Routing;

public sealed class EdgeRedirectTests
{
    [Theory]
    [InlineData("www.example.test", "/a%2Fb/?q=1&q=%C3%A4", "http://example.test/a%2Fb/?q=1&q=%C3%A4")]
    [InlineData("www.example.test:8080", "/", "http://example.test:8080/")]
    [InlineData("WWW.example.test", "//elsewhere.test/", "http://example.test//elsewhere.test/")]
    public async Task Redirect_keeps_path_query_and_port(string host, string path, string location)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.PublishAsync(new Route("www.example.test", RouteKind.Redirect, [], null, RedirectTo: "example.test"));
        using var client = await RawClient.ConnectAsync(edge.Address);

        await client.SendAsync($"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var answer = await client.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 308", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\nLocation: {location}\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RouteKind.Redirect, null)]
    [InlineData(RouteKind.Redirect, "http://evil.test")]
    [InlineData(RouteKind.Building, "example.test")]
    public async Task Table_whose_redirect_leads_nowhere_is_refused(RouteKind kind, string? to)
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => edge.PublishAsync(new Route("www.example.test", kind, [], null, RedirectTo: to)));
        using var answer = await edge.GetAsync("/", "www.example.test");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
