using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Slipway.Testing.Hosting;

namespace Slipway.Testing.Postgres;

/// <summary>A real PgBouncer before a test's PostgreSQL, giving each transaction another connection, of few.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-bouncer-").FullName;
    private readonly int _port = FreePort();
    private Process? _process;

    /// <summary>First thing in a test.</summary>
    public static void Require()
    {
        if (File.Exists("/usr/sbin/pgbouncer")) return;
        const string missing = "PgBouncer is not installed: apt-get install pgbouncer (./test does it)";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        Assert.Skip(missing);
    }

    public static async Task<PgBouncer> StartAsync(PostgresServer server)
    {
        Require();
        var bouncer = new PgBouncer();
        await bouncer.RunAsync(server);
        return bouncer;
    }

    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username={PostgresServer.User};Database={database}";

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task RunAsync(PostgresServer server)
    {
        var (config, users) = (Path.Combine(_folder, "pgbouncer.ini"), Path.Combine(_folder, "users.txt"));
        await File.WriteAllTextAsync(users, $"\"{PostgresServer.User}\" \"{(await File.ReadAllTextAsync(server.PasswordFile)).Trim()}\"\n");
        await File.WriteAllTextAsync(config, string.Create(CultureInfo.InvariantCulture, $"""
            [databases]
            * = host={server.SocketFolder} port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {_port}
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {users}
            pool_mode = transaction
            default_pool_size = 4
            """));
        string[] asUser = Environment.IsPrivilegedProcess ? ["/usr/bin/setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"] : ["/usr/bin/env"];
        if (Environment.IsPrivilegedProcess) await HostTool.RunAsync("chown", "-R", "postgres", _folder);
        string[] start = [.. asUser, "/usr/sbin/pgbouncer", config];
        _process = Process.Start(new ProcessStartInfo(start[0], start[1..]) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" }) ?? throw new InvalidOperationException("pgbouncer did not start");
        _process.ErrorDataReceived += (_, _) => { };
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await Looking.UntilAsync(ListensAsync, TimeSpan.FromSeconds(20), "pgbouncer listens");
    }

    private async Task<string?> ListensAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port);
            return "up";
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
