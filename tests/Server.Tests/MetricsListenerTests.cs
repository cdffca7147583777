using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Core.Metrics;
using Slipway.Core.Queueing;
using Slipway.Home;
using Slipway.Server.Metrics;

namespace Server.Tests;

/// <summary>A process without a web server of its own, as a worker is: what it has measured is at a port.</summary>
[Collection(AloneCollection.Name)]
public sealed class MetricsListenerTests : IDisposable
{
    private readonly string _token = Path.GetTempFileName();

    public void Dispose() => File.Delete(_token);

    [Fact]
    public async Task A_worker_tells_its_jobs_its_process_and_what_was_added()
    {
        var port = FreePort();
        using var worker = Worker(("Port", $"{port}"));
        await worker.StartAsync(TestContext.Current.CancellationToken);
        var metrics = worker.Services.GetRequiredService<WorkerMetrics>();
        metrics.Took();
        metrics.Took();
        metrics.LetGo(new LeaseDecision.Complete());
        var told = await GetAsync(port, token: null);
        Assert.Equal(HttpStatusCode.OK, told.Status);
        Assert.Matches("""(?m)^slipway_worker_builds\{[^}]*\} 1$""", told.Text);
        Assert.Matches("""(?m)^slipway_worker_jobs_total\{.*decision="complete".*\} 1$""", told.Text);
        Assert.Matches("""(?m)^slipway_test_lag\{.*stream="jobs".*\} 7$""", told.Text);
        Assert.DoesNotContain("slipway_test_broken", told.Text, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_memory_working_set_bytes", told.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(port, token: null, "/")).Status);
        await worker.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task With_a_token_it_answers_nobody_else()
    {
        await File.WriteAllTextAsync(_token, "only-for-the-scraper");
        var port = FreePort();
        using var worker = Worker(("Port", $"{port}"), ("Listen", "0.0.0.0"), ("TokenFile", _token));
        await worker.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(port, token: null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(port, "only-for-the-scraper")).Status);
        await worker.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var worker = Worker(("Port", $"{port}"));
        var e = await Assert.ThrowsAsync<SettingsException>(() => worker.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains($"Slipway:Metrics:Port: 127.0.0.1:{port}", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Port", "70000", "Slipway:Metrics:Port is 70000")]
    [InlineData("Listen", "everywhere", "Slipway:Metrics:Listen is 'everywhere'")]
    [InlineData("Listen", "0.0.0.0", "strangers")]
    [InlineData("TokenFile", "/nowhere/token", "Slipway:Metrics:TokenFile: /nowhere/token cannot be read")]
    [InlineData("TokenFile", "/dev/null", "holds no token")]
    public void What_would_be_open_to_strangers_or_cannot_be_is_named(string name, string value, string says)
    {
        (string, string)[] settings = name == "Port" ? [(name, value)] : [("Port", "9464"), (name, value)];
        var e = Assert.Throws<SettingsException>(() => Worker(settings));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    private static IHost Worker(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        var by = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Slipway:Metrics:{s.Name}", (string?)s.Value))).Build();
        builder.Services.AddSingleton(TimeProvider.System).AddProcessMetrics(by)
            .AddGauge("slipway.test.lag", "{message}", "What the queue's own part adds.", (_, _) => Task.FromResult<IReadOnlyList<Reading>>([Reading.Of(7, "stream", "jobs")]))
            .AddGauge("slipway.test.broken", "{message}", "One that cannot be told has no value.", (_, _) => throw new InvalidOperationException("away"));
        return builder.Build();
    }

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(int port, string? token, string path = "/metrics")
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{port}{path}"));
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
