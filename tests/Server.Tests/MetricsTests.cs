using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Edge;
using Slipway.Server.Metrics;
using Slipway.Testing.Hosting;

namespace Server.Tests;

/// <summary>Who may see the numbers, and that a real Prometheus reads them.</summary>
[Collection(AloneCollection.Name)]
public sealed class MetricsTests : IAsyncLifetime
{
    private const string MetricsToken = "for-the-scraper-and-nobody-else";

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-api-").FullName;
    private RunningApi? _api;

    private RunningApi Api => _api ?? throw new InvalidOperationException("not begun");

    private string TokenFile => Path.Combine(_folder, "metrics.token");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(TokenFile, MetricsToken + "\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "settings.json"), new JsonObject { ["Slipway"] = new JsonObject { ["Metrics"] = new JsonObject { [nameof(TokenFile)] = TokenFile } } }.ToJsonString());
        // It begins to count with the process, for a token is set.
        _api = new RunningApi(_folder, services => services.AddHostedService(s => s.GetRequiredService<MetricsListener>()));
        await _api.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Fact]
    public async Task Strangers_see_nothing()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics", token: null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics", "for-the-scraper-and-nobody-els"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics/edge", token: null));
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await StatusAsync("/metrics", token: null, host: "server:7420"));
    }

    [Fact]
    public async Task The_metrics_token_opens_the_metrics_by_any_name_and_nothing_else()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/metrics", MetricsToken));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/metrics", MetricsToken, "server:7420"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/metrics", Api.Token));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync("/metrics/edge", MetricsToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/v1/status", MetricsToken));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metricsandmore", MetricsToken));
    }

    [Fact]
    public async Task A_token_that_was_changed_counts_from_the_next_scrape_on()
    {
        await File.WriteAllTextAsync(TokenFile, "another-one-for-the-scraper");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics", MetricsToken));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/metrics", "another-one-for-the-scraper"));
        await File.WriteAllTextAsync(TokenFile, "");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/metrics", ""));
    }

    [Fact]
    public async Task A_real_Prometheus_reads_the_server_and_the_edge_by_both_ways()
    {
        PrometheusServer.Require();
        var (port, metrics) = (FreePort(), FreePort());
        var options = EdgeOptions.For(new SlipwayHome(_folder));
        (options.Port, options.MetricsPort, options.MetricsTokenFile) = (port, metrics, TokenFile);
        using var end = new CancellationTokenSource();
        var edge = EdgeApp.RunAsync(options, end.Token);
        using (var first = Api.Http()) await MakeDeploymentAsync(first);

        var server = Api.Address.Authority;
        await using (var prometheus = await PrometheusServer.StartAsync([
            new("slipway-server", server, TokenFile: TokenFile), new("slipway-edge", server, "/metrics/edge", TokenFile),
            new("edge-itself", $"127.0.0.1:{metrics}", TokenFile: TokenFile), new("stranger", server)]))
        {
            await prometheus.UntilAsync("up{job!=\"stranger\"}", up => up is [1, 1, 1]);
            await prometheus.UntilAsync("up{job=\"stranger\"}", up => up is [0]);
            await prometheus.UntilAsync("slipway_deployments{state=\"queued\"}", queued => queued is [1]);
            await prometheus.UntilAsync("slipway_queue_depth", depth => depth is [1]);
            await prometheus.UntilAsync("slipway_deployment_transitions_total{from=\"none\",to=\"queued\"}", made => made is [1]);
            Assert.Empty(await prometheus.AskAsync("slipway_disk_free_bytes > slipway_disk_total_bytes"));

            using var http = Api.Http();
            await MakeDeploymentAsync(http);
            await prometheus.UntilAsync("slipway_deployment_transitions_total{from=\"none\",to=\"queued\"}", made => made is [2]);
            await prometheus.UntilAsync("slipway_deployments{state=\"queued\"}", queued => queued is [2]);

            using var visitor = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            using var page = await visitor.GetAsync(new Uri($"http://127.0.0.1:{port}/"));
            Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
            await prometheus.UntilAsync("slipway_edge_request_duration_seconds_count{class=\"4xx\",from=\"edge\"}", answered => answered is [1, 1]);
            await prometheus.UntilAsync("slipway_edge_unknown_hosts_total", unknown => unknown is [1, 1]);
        }

        await end.CancelAsync();
        await edge;
    }

    private static async Task MakeDeploymentAsync(HttpClient http)
    {
        using var answer = await http.PostAsJsonAsync("/v1/deployments", new { gitUrl = $"https://example.org/ada/{Guid.NewGuid():N}.git" });
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private async Task<HttpStatusCode> StatusAsync(string path, string? token, string? host = null)
    {
        using var http = Api.Http(withToken: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Host = host;
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
