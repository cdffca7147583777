using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Slipway.Testing.Hosting;
using Slipway.Testing.Postgres;

namespace Server.Tests;

/// <summary>The real API over a real PostgreSQL that goes away while it is used, and comes back.</summary>
public sealed class PostgresLostTests : IAsyncLifetime
{
    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(15);

    private readonly string _home = Directory.CreateTempSubdirectory("slipway-api-").FullName;
    private PostgresServer? _server;
    private RunningApi? _api;
    private int _asked;

    private PostgresServer Server => _server ?? throw new InvalidOperationException("not begun");

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        var settings = new JsonObject
        {
            ["Slipway"] = new JsonObject
            {
                ["Store"] = new JsonObject { ["Database"] = "postgres", ["ConnectionString"] = $"{Server.NetworkString()};Timeout=2;Command Timeout=2", ["PasswordFile"] = Server.PasswordFile },
            },
        };
        await File.WriteAllTextAsync(Path.Combine(_home, "settings.json"), settings.ToJsonString());
        _api = new RunningApi(_home);
        await _api.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null) await _api.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task Stopped_and_started_again()
    {
        using var http = _api!.Http();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => WorksAsync(http)));
        await Server.DownAsync();
        await TellsAsync(http, "store.unreachable");
        await Server.UpAsync();
        await WorksAgainAsync(http);
        Assert.Contains("ready", await http.GetStringAsync("/health/ready"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_at_once_and_started_again()
    {
        using var http = _api!.Http();
        await WorksAsync(http);
        await Server.DownAsync(atOnce: true);
        await TellsAsync(http, "store.unreachable");
        await Server.UpAsync();
        await WorksAgainAsync(http);
    }

    [Fact]
    public async Task Frozen_it_keeps_nobody_waiting_for_long()
    {
        using var http = _api!.Http();
        await WorksAsync(http);
        await Server.FreezeAsync();
        await TellsAsync(http, "store.unreachable");
        await Server.ThawAsync();
        await WorksAgainAsync(http);
    }

    [Fact]
    public async Task A_password_that_was_changed_meanwhile_is_told_and_read_anew()
    {
        using var http = _api!.Http();
        await WorksAsync(http);
        await Server.AskAsync($"ALTER USER {PostgresServer.User} PASSWORD 'rotated-4711'");
        await Server.DownAsync();
        await Server.UpAsync();
        // Whoever comes first finds the broken connection.
        using (await AskAsync(http)) { }
        await TellsAsync(http, "store.refused");
        await File.WriteAllTextAsync(Server.PasswordFile, "rotated-4711\n");
        await WorksAgainAsync(http);
    }

    private async Task WorksAsync(HttpClient http)
    {
        using var answer = await AskAsync(http);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    /// <summary>Connections that broke while nobody looked are noticed when they are used.</summary>
    private Task WorksAgainAsync(HttpClient http) => Looking.UntilAsync(async () =>
    {
        using var answer = await AskAsync(http);
        return answer.StatusCode == HttpStatusCode.Accepted ? "accepted" : null;
    }, TimeSpan.FromSeconds(10), "an accepted deployment");

    private async Task TellsAsync(HttpClient http, string code)
    {
        var clock = Stopwatch.StartNew();
        using var answer = await AskAsync(http);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var problem = await answer.Content.ReadAsStringAsync();
        Assert.Equal(code, JsonNode.Parse(problem)!["code"]!.GetValue<string>());
        Assert.DoesNotContain("4711", problem, StringComparison.Ordinal);
        using var health = await http.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Contains("database", (await health.Content.ReadFromJsonAsync<JsonObject>())!["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(clock.Elapsed < Hanging, $"it took {clock.Elapsed}");
    }

    private Task<HttpResponseMessage> AskAsync(HttpClient http) =>
        http.PostAsJsonAsync("/v1/deployments", new { gitUrl = $"https://example.org/ada/lost{Interlocked.Increment(ref _asked)}.git" });
}
