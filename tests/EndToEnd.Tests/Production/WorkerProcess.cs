using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.Testing.Hosting;
using Slipway.Testing.Nats;

namespace EndToEnd.Tests.Production;

/// <summary>A worker in a process of its own, as a user that is not root and is in the group of the engine's socket; it has its credentials and nothing else of the home.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const string Nobody = "65534";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _home = Directory.CreateTempSubdirectory("slipway-worker-").FullName;
    private readonly StringBuilder _said = new();
    private readonly string _version;
    private readonly Dictionary<string, string> _settings;
    private Process? _process;

    private WorkerProcess(string version, NatsServer nats, RegistryServer registry)
    {
        _version = version;
        MetricsPort = FreePort();
        _settings = new()
        {
            ["Slipway__Nats__Url"] = nats.Url,
            ["Slipway__Nats__Username"] = "worker",
            ["Slipway__Nats__PasswordFile"] = Own("nats-password", nats.PasswordFile("worker")),
            ["Slipway__Nats__AuthorityFile"] = Own("ca.pem", nats.Authority.RootFile),
            ["Slipway__Nats__CertificateFile"] = Own("worker.pem", nats.Authority.ClientFile),
            ["Slipway__Nats__KeyFile"] = Own("worker-key.pem", nats.Authority.ClientKeyFile),
            ["Slipway__Registry__Address"] = registry.Address,
            ["Slipway__Registry__Username"] = RegistryServer.Username,
            ["Slipway__Registry__PasswordFile"] = Own("registry-password", registry.PasswordFile),
            ["Slipway__Metrics__Port"] = MetricsPort.ToString(CultureInfo.InvariantCulture),
        };
    }

    public int MetricsPort { get; }

    public int Pid => _process?.Id ?? 0;

    public bool IsRunning => _process is { HasExited: false };

    public static async Task<WorkerProcess> StartAsync(string version, NatsServer nats, RegistryServer registry)
    {
        var worker = new WorkerProcess(version, nats, registry);
        await HostTool.RunAsync("chown", "-R", $"{Nobody}:{Nobody}", worker._home);
        await worker.ResumeAsync();
        return worker;
    }

    /// <summary>One outside the engine's group: its exit code and all that it said.</summary>
    public static async Task<(int ExitCode, string Said)> RefusedAsync(string version, NatsServer nats, RegistryServer registry)
    {
        await using var worker = new WorkerProcess(version, nats, registry);
        await HostTool.RunAsync("chown", "-R", $"{Nobody}:{Nobody}", worker._home);
        await worker.LaunchAsync("--clear-groups");
        using var limit = new CancellationTokenSource(Patience);
        await worker._process!.WaitForExitAsync(limit.Token);
        return (worker._process.ExitCode, worker.ToString());
    }

    public async Task ResumeAsync()
    {
        await LaunchAsync("--groups", await EngineGroupAsync());
        var (process, run) = (_process!, Path.Combine(_home, "run", "worker.json"));
        await Looking.UntilAsync(() => process.HasExited ? throw new InvalidOperationException($"the worker ended: {this}") : File.Exists(run) && File.ReadAllText(run).Contains($"\"pid\":{Pid},", StringComparison.Ordinal) ? "up" : null, Patience, "the worker takes jobs");
    }

    /// <summary>Whose the engine's socket is.</summary>
    public static async Task<string> EngineGroupAsync() => (await HostTool.RunAsync("stat", "-c", "%g", "/var/run/docker.sock")).Trim();

    private async Task LaunchAsync(params string[] groups)
    {
        var program = await ProgramAsync(Path.Combine(Checkout.Root, "artifacts", "publish", "server"));
        var start = new ProcessStartInfo(HostTool.Find("setpriv"), ["--reuid", Nobody, "--regid", Nobody, .. groups, "--inh-caps=-all", program, "--roles", "worker"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        foreach (var (name, value) in _settings) start.Environment[name] = value;
        (start.Environment["SLIPWAY_HOME"], start.Environment["SLIPWAY_BUILD"], start.Environment["HOME"], start.Environment["PATH"]) = (_home, _version, _home, "/usr/bin:/bin");
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } dotnet) start.Environment["DOTNET_ROOT"] = dotnet;
        _process = Process.Start(start) ?? throw new InvalidOperationException("the worker did not start");
        void Hear(object _, DataReceivedEventArgs e) { lock (_said) _said.AppendLine(e.Data); }
        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += Hear;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public async Task KillAsync()
    {
        _process?.Kill();
        if (_process is not null) await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and its exit code once it has let its build finish.</summary>
    public async Task<int> DrainAsync()
    {
        var process = _process ?? throw new InvalidOperationException("not started");
        await HostTool.RunAsync("kill", "-TERM", Pid.ToString(CultureInfo.InvariantCulture));
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (IsRunning) await KillAsync();
        _process?.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    public override string ToString()
    {
        lock (_said) return _said.ToString();
    }

    /// <summary>The server as this user may run it: a checkout below root's own folder is no place for others.</summary>
    private async Task<string> ProgramAsync(string folder)
    {
        const string name = "slipway-server";
        try
        {
            await HostTool.RunAsync("setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups", "/usr/bin/test", "-x", Path.Combine(folder, name));
            return Path.Combine(folder, name);
        }
        catch (InvalidOperationException)
        {
            var own = Path.Combine(_home, "server");
            if (!Directory.Exists(own))
            {
                await HostTool.RunAsync("cp", "-r", folder, own);
                await HostTool.RunAsync("chown", "-R", $"{Nobody}:{Nobody}", own);
            }

            return Path.Combine(own, name);
        }
    }

    private string Own(string name, string file)
    {
        var own = Path.Combine(_home, name);
        File.Copy(file, own);
        File.SetUnixFileMode(own, UnixFileMode.UserRead);
        return own;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
