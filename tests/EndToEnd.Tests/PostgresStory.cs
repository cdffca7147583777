using Slipway.Testing.Postgres;

namespace EndToEnd.Tests;

/// <summary>A one-machine home goes to a real PostgreSQL, is lost there, and comes back from its backup; what was deployed is served all the while.</summary>
[Trait("needs", "engine")]
[Trait("story", "postgres")]
public sealed class PostgresStory : IAsyncLifetime
{
    private readonly Installation _slipway = new();
    private PostgresServer? _server;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        await _slipway.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _slipway.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    [Fact]
    public async Task From_a_file_to_postgres_and_back_from_a_backup()
    {
        var server = _server ?? throw new InvalidOperationException("not begun");
        var owned = Path.Combine(_slipway.Home, "db-password");
        await File.WriteAllTextAsync(owned, "own-4711\n");
        await server.AskAsync("CREATE USER app PASSWORD 'own-4711'");
        await server.AskAsync("CREATE DATABASE app OWNER app");
        var connection = server.ConnectionString("app").Replace($"Username={PostgresServer.User}", "Username=app", StringComparison.Ordinal);
        string[] move = ["move", "--to", "postgres", "--connection", connection, "--password-file", owned];

        // In the file: PostgreSQL's driver is not even loaded.
        Assert.DoesNotContain("Npgsql", await MapsAsync(), StringComparison.Ordinal);
        var first = await DeployAsync();
        Assert.Equal(0, (await _slipway.RunWithInputAsync("s3cret", "env", "set", "KEY", "--project", "e2e-pg")).ExitCode);

        Says(await _slipway.RunAsync(move), 3, "slipway down");
        await DownAsync();
        var moved = await _slipway.RunAsync(move);
        Says(moved, 0, "deployments");
        Assert.DoesNotContain("4711", moved.ToString() + await File.ReadAllTextAsync(Path.Combine(_slipway.Home, "settings.json")), StringComparison.Ordinal);
        await UpAsync();
        Assert.Contains("Npgsql", await MapsAsync(), StringComparison.Ordinal);
        Assert.Equal(200, (await _slipway.GetAsync(first)).Status);
        Assert.Equal("1", await server.AskAsync("SELECT count(*) FROM deployments", "app"));

        // In PostgreSQL: a deployment to ready, a backup while it runs, the database dropped.
        var second = await DeployAsync();
        var file = Path.Combine(_slipway.Home, "backup.db");
        Says(await _slipway.RunAsync("backup", file), 0, "master.key");
        Says(await _slipway.RunAsync("db", "migrate"), 0, "up to date");
        await DownAsync();
        await server.AskAsync("DROP DATABASE app");
        var lost = await _slipway.RunAsync("up");
        Says(lost, 3, "CREATE DATABASE");
        Assert.Equal(200, (await _slipway.GetAsync(second)).Status);

        await server.AskAsync("CREATE DATABASE app OWNER app");
        Says(await _slipway.RunAsync("restore", file), 0, "build_log_chunks");
        await UpAsync();
        Says(await _slipway.RunAsync("restore", file, "--force"), 3, "slipway down");
        foreach (var url in new[] { first, second }) Assert.Equal(200, (await _slipway.GetAsync(url)).Status);
        Assert.Equal(2, Installation.Json(await _slipway.RunAsync("ls", "--json")).AsArray().Count(d => d!["state"]!.GetValue<string>() == "ready"));
        Says(await _slipway.RunAsync("env", "ls", "e2e-pg"), 0, "KEY");
        await DeployAsync();
    }

    private async Task<string> DeployAsync()
    {
        var (exit, json, ran) = await _slipway.DeployAsync(Checkout.Example("static"), "--project", "e2e-pg");
        Assert.True(exit == 0, ran.ToString());
        return json["previewUrl"]!.GetValue<string>();
    }

    private Task<string> MapsAsync() => File.ReadAllTextAsync($"/proc/{_slipway.ServerPid}/maps");

    private async Task DownAsync() => Says(await _slipway.RunAsync("down"), 0, "stopped");

    private async Task UpAsync() => Says(await _slipway.RunAsync("up"), 0, "is up");

    private static void Says(Ran ran, int exit, string text)
    {
        Assert.True(ran.ExitCode == exit, ran.ToString());
        Assert.Contains(text, ran.Output + ran.Error, StringComparison.Ordinal);
    }
}
