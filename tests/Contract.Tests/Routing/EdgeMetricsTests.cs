using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Slipway.Edge;
using Slipway.Edge.Metrics;

namespace Contract.Tests.Routing;

/// <summary>The edge's own numbers, by its socket and by its port.</summary>
public sealed class EdgeMetricsTests
{
    [Fact]
    public async Task Answers_are_counted_by_class_and_by_who_gave_them()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/bad" ? 503 : 200;
            return context.Response.WriteAsync("hello");
        });
        for (var i = 0; i < 3; i++) (await edge.GetAsync("/")).Dispose();
        (await edge.GetAsync("/bad")).Dispose();
        (await edge.GetAsync("/", "nobody.localhost")).Dispose();
        await edge.RouteAsync("127.0.0.1:1");
        (await edge.GetAsync("/")).Dispose();

        var told = await ReadAsync(edge);
        const string count = "slipway_edge_request_duration_seconds_count";
        Assert.Equal(3, told[$"{count}{{class=\"2xx\",from=\"app\"}}"]);
        Assert.Equal(1, told[$"{count}{{class=\"5xx\",from=\"app\"}}"]);
        Assert.Equal(1, told[$"{count}{{class=\"5xx\",from=\"edge\"}}"]);
        Assert.Equal(1, told[$"{count}{{class=\"4xx\",from=\"edge\"}}"]);
        Assert.Equal(6, told["slipway_edge_requests_total"]);
        Assert.Equal(1, told["slipway_edge_unknown_hosts_total"]);
        Assert.Equal(1, told["slipway_edge_app_failures_total"]);
        Assert.Equal(1, told["slipway_edge_waited_total"]);
        Assert.Equal(0, told["slipway_edge_waiting"]);
        Assert.Equal(1, told["slipway_edge_hosts"]);
        Assert.Equal(3, told["slipway_edge_request_duration_seconds_bucket{class=\"2xx\",from=\"app\",le=\"+Inf\"}"]);
        Assert.True(told["process_resident_memory_bytes"] > 1 << 20);
        Assert.All(EdgeMetric.All, metric => Assert.Contains(told.Keys, key => key.StartsWith(metric.Name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Its_own_port_wants_the_token_and_answers_nothing_else()
    {
        var token = Path.GetTempFileName();
        await File.WriteAllTextAsync(token, "let-me-look\n");
        var port = FreePort();
        await using var edge = await EdgeUnderTest.StartedAsync(o => (o.MetricsPort, o.MetricsTokenFile) = (port, token));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics", "let-me-loo"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/metrics", "let-me-look"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/table", "let-me-look"));
        File.Delete(token);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics", "let-me-look"));

        async Task<HttpStatusCode> StatusAsync(string path, string? bearer)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            if (bearer is not null) request.Headers.Authorization = new("Bearer", bearer);
            using var answer = await http.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData(0, "0.0.0.0", "", null)]
    [InlineData(9465, "127.0.0.1", "", null)]
    [InlineData(9465, "0.0.0.0", "", "MetricsTokenFile")]
    [InlineData(9465, "somewhere", "", "MetricsListen")]
    [InlineData(70000, "127.0.0.1", "", "MetricsPort")]
    [InlineData(9465, "0.0.0.0", "/nowhere/token", "MetricsTokenFile")]
    public void What_would_be_open_to_strangers_or_cannot_be_is_named(int port, string listen, string token, string? named)
    {
        var fault = new EdgeOptions { MetricsPort = port, MetricsListen = listen, MetricsTokenFile = token }.Fault();
        if (named is null) Assert.Null(fault);
        else Assert.Contains(named, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    [InlineData(30_000, 11)]
    [InlineData(30_001, 12)]
    [InlineData(3_600_000, 12)]
    public void A_time_is_counted_in_the_first_bucket_that_is_not_too_small(int milliseconds, int bucket)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal([.. Enumerable.Range(0, LatencyHistogram.Bounds.Length + 1).Select(i => i >= bucket ? 1L : 0)], histogram.Cumulative());
        Assert.Equal(milliseconds / 1000.0, histogram.SumSeconds, 6);
    }

    private static async Task<Dictionary<string, double>> ReadAsync(EdgeUnderTest edge)
    {
        using var reader = new EdgeMetricsReader(new EdgeRouterOptions { AdminSocket = edge.Options.AdminSocket, RunFile = edge.Options.RunFile });
        var text = System.Text.Encoding.UTF8.GetString(await reader.ReadAsync(TestContext.Current.CancellationToken) ?? []);
        return text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToDictionary(
            line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
