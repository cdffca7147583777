using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Testing.BuildKit;

namespace Slipway.Testing.Postgres;

/// <summary>
/// A real PostgreSQL of the tests' own, from Debian's package, in a temporary folder and as a user that is not root (it refuses root).
/// It asks for passwords and speaks TLS; it does not wait for the disk. The package's own service is left alone.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>Of the superuser <c>slipway</c>.</summary>
    public const string User = "slipway";

    private static readonly string? Programs = FindPrograms();

    private readonly string _folder;
    private readonly string[] _asUser;

    private PostgresServer(string folder, int port, TestAuthority authority) => (_folder, Port, Authority, _asUser) = (folder, port, authority, AsUser());

    /// <summary>Who signed its certificate, which is for 127.0.0.1.</summary>
    public TestAuthority Authority { get; }

    public int Port { get; }

    /// <summary>Where its socket is: the <c>Host</c> of a connection that needs no network.</summary>
    public string SocketFolder => _folder;

    public string PasswordFile => Path.Combine(_folder, "password");

    /// <summary>First thing in a test.</summary>
    public static void Require()
    {
        if (Programs is not null) return;
        const string missing = "PostgreSQL is not installed: apt-get install postgresql (./test does it)";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        Assert.Skip(missing);
    }

    public static async Task<PostgresServer> StartAsync()
    {
        Require();
        StopLeftOvers();
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"slipway-pg-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}")).FullName;
        var server = new PostgresServer(folder, FreePort(), new TestAuthority("postgres"));
        await server.InitializeAsync();
        await server.UpAsync();
        return server;
    }

    /// <summary>Without a password, by the socket.</summary>
    public string ConnectionString(string database = "postgres") => $"Host={SocketFolder};Port={Port};Username={User};Database={database}";

    /// <summary>By the network, with TLS when asked for.</summary>
    public string NetworkString(string database = "postgres") => $"Host=127.0.0.1;Port={Port};Username={User};Database={database}";

    public Task UpAsync() => RunAsync("pg_ctl", "-D", Data, "-l", Path.Combine(_folder, "log"), "-w", "-t", "60", "start");

    /// <param name="atOnce">As by a power cut; else open connections are closed in order.</param>
    public Task DownAsync(bool atOnce = false) => RunAsync("pg_ctl", "-D", Data, "-w", "-m", atOnce ? "immediate" : "fast", "stop");

    /// <summary>The process stays and answers nothing, until <see cref="ThawAsync"/>.</summary>
    public async Task FreezeAsync() => await SignalAsync("STOP");

    public async Task ThawAsync() => await SignalAsync("CONT");

    /// <summary>One statement by psql.</summary>
    public async Task<string> AskAsync(string sql, string database = "postgres")
    {
        var start = Program("psql", "-h", SocketFolder, "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", User, "-d", database, "-v", "ON_ERROR_STOP=1", "-X", "-At", "-c", sql);
        start.Environment["PGPASSWORD"] = (await File.ReadAllTextAsync(PasswordFile)).Trim();
        return (await RunAsync(start)).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await ThawAsync();
            await DownAsync(atOnce: true);
        }
        catch (InvalidOperationException)
        {
            // A test has stopped it.
        }

        Authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private async Task InitializeAsync()
    {
        var password = RandomNumberGenerator.GetHexString(20, lowercase: true);
        await File.WriteAllTextAsync(PasswordFile, password + "\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "server.pem"), Authority.Server.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(_folder, "server-key.pem"), Authority.Server.GetECDsaPrivateKey()?.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(Path.Combine(_folder, "server-key.pem"), UnixFileMode.UserRead);
        if (Environment.IsPrivilegedProcess) await RunAsync(new ProcessStartInfo("/bin/chown", ["-R", "postgres", _folder]));
        await RunAsync("initdb", "-D", Data, "-U", User, "--pwfile", PasswordFile, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync");
        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.conf"), $"""
            port = {Port}
            listen_addresses = '127.0.0.1'
            unix_socket_directories = '{_folder}'
            ssl = on
            ssl_cert_file = '{_folder}/server.pem'
            ssl_key_file = '{_folder}/server-key.pem'
            max_connections = 200
            fsync = off
            full_page_writes = off
            shared_buffers = 64MB
            """);
    }

    private Task<string> RunAsync(string program, params string[] arguments) => RunAsync(Program(program, arguments));

    private ProcessStartInfo Program(string program, params string[] arguments)
    {
        string[] all = [.. _asUser, Path.Combine(Programs ?? "", program), .. arguments];
        return new ProcessStartInfo(all[0], all[1..]) { WorkingDirectory = "/" };
    }

    private static async Task<string> RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {await error}");
    }

    private async Task SignalAsync(string signal)
    {
        var leader = int.Parse((await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0], CultureInfo.InvariantCulture);
        var children = await File.ReadAllTextAsync($"/proc/{leader}/task/{leader}/children");
        await RunAsync(new ProcessStartInfo("/bin/kill", [$"-{signal}", $"{leader}", .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
    }

    private static string[] AsUser() => Environment.IsPrivilegedProcess ? ["/usr/sbin/runuser", "-u", "postgres", "--"] : ["/usr/bin/env"];

    /// <summary>A run that was killed could not stop its server: its folder names its process, which is gone.</summary>
    private static void StopLeftOvers()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), "slipway-pg-*"))
        {
            if (Path.GetFileName(folder).Split('-') is not [_, _, var owner, _] || Directory.Exists($"/proc/{owner}")) continue;
            if (File.Exists(Path.Combine(folder, "data", "postmaster.pid")))
            {
                string[] stop = [.. AsUser(), Path.Combine(Programs ?? "", "pg_ctl"), "-D", Path.Combine(folder, "data"), "-m", "immediate", "stop"];
                using var process = Process.Start(new ProcessStartInfo(stop[0], stop[1..]) { WorkingDirectory = "/" });
                process?.WaitForExit();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? FindPrograms() => !Directory.Exists("/usr/lib/postgresql") ? null
        : Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(f => int.TryParse(Path.GetFileName(f), out var version) ? version : 0)
            .Select(f => Path.Combine(f, "bin")).FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb")));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
