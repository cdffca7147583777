using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Slipway.Testing.Hosting;

/// <summary>Debian's docker-registry (distribution 2.8) on loopback, with a user and a password, in a folder that goes with it.</summary>
public sealed class RegistryServer : IAsyncDisposable
{
    public const string Username = "slipway";
    public const string Password = "pass-word of the registry";

    // By "htpasswd -B" of the password above; the registry reads no other kind.
    private const string Hash = "$2y$05$5m.3S4ZIAcJ1xKbCmKTedeHgD7omn3BQXOIKAHQv0cC5SuwQ0Umba";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-registry-").FullName;
    private Process? _process;

    private RegistryServer() => Address = $"127.0.0.1:{FreePort()}";

    public static bool IsInstalled => File.Exists("/usr/bin/docker-registry");

    public string Address { get; }

    public string PasswordFile => Path.Combine(_folder, "password");

    private string Data => Path.Combine(_folder, "data");

    /// <param name="auth">Its <c>auth:</c> section in one line; null: the user and the password above.</param>
    public static async Task<RegistryServer> StartAsync(string? auth = null)
    {
        var server = new RegistryServer();
        await File.WriteAllTextAsync(Path.Combine(server._folder, "users"), $"{Username}:{Hash}\n");
        await File.WriteAllTextAsync(server.PasswordFile, $"{Password}\n");
        await File.WriteAllTextAsync(server.ConfigFile, $$"""
            version: 0.1
            log: { level: warn }
            storage:
              filesystem: { rootdirectory: {{server.Data}} }
              delete: { enabled: true }
            http: { addr: {{server.Address}} }
            auth: {{auth ?? $"{{ htpasswd: {{ realm: test, path: {Path.Combine(server._folder, "users")} }} }}"}}
            """);
        await server.ResumeAsync();
        return server;
    }

    private string ConfigFile => Path.Combine(_folder, "config.yml");

    /// <summary>Starts it, on what it held before.</summary>
    public async Task ResumeAsync()
    {
        var start = new ProcessStartInfo(HostTool.Find("docker-registry"), ["serve", ConfigFile]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start) ?? throw new InvalidOperationException("docker-registry did not start");
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Looking.UntilAsync(() => Answers(http) ? "up" : null, Patience, "the registry answers");
    }

    /// <summary>The process stays and answers nothing, until <see cref="ThawAsync"/>.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    private Task SignalAsync(string signal) => HostTool.RunAsync("kill", $"-{signal}", (_process?.Id ?? throw new InvalidOperationException("it does not run")).ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Takes it away; what it holds stays.</summary>
    public async Task StopAsync()
    {
        if (_process is not { HasExited: false } process) return;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        _process = null;
    }

    /// <summary>Frees the blobs that no manifest needs; only while it is stopped.</summary>
    public Task CollectGarbageAsync() => HostTool.RunAsync("docker-registry", "garbage-collect", ConfigFile);

    public long DataBytes() => new DirectoryInfo(Data).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private bool Answers(HttpClient http)
    {
        try
        {
            using var answer = http.Send(new HttpRequestMessage(HttpMethod.Get, $"http://{Address}/v2/"));
            return answer.StatusCode == HttpStatusCode.Unauthorized;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
