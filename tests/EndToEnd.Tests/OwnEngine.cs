using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests;

/// <summary>
/// A dockerd of the test's own whose data are on a 2 GB disk (a file on a loop device), with a bridge, sockets and cgroups of its
/// own. It sets no firewall rules, so the engine that is there does not notice it. Apps run on while it is away, as with one that Slipway starts.
/// </summary>
internal sealed class OwnEngine : IAsyncDisposable
{
    private const long Size = 2_000_000_000;

    private readonly string _name = $"slpd{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
    private readonly string _folder;
    private Process? _dockerd;

    private OwnEngine() => _folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), _name)).FullName;

    /// <summary>Where its steps are.</summary>
    public string Cgroup => $"{_name}/buildkit";

    public string Bridge => _name;

    public string DataRoot => Path.Combine(_folder, "data");

    public string Host => $"unix://{Socket}";

    private string Socket => Path.Combine(_folder, "docker.sock");

    private string Disk => Path.Combine(_folder, "disk");

    public static async Task<OwnEngine> StartAsync()
    {
        var made = new OwnEngine();
        try
        {
            await made.BeginAsync();
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>As a crash does, and a new one, as a supervisor does.</summary>
    public async Task KillAsync()
    {
        _dockerd!.Kill();
        await _dockerd.WaitForExitAsync();
        _dockerd.Dispose();
        // Its containerd dies with it, and a new dockerd would take it for alive as long as nobody has buried it.
        File.Delete(Path.Combine(_folder, "exec", "containerd", "containerd.pid"));
        await RunAsync();
    }

    public long FreeBytes() => new DriveInfo(DataRoot).AvailableFreeSpace;

    public async ValueTask DisposeAsync()
    {
        if (_dockerd is not null)
        {
            await HostTool.RunAsync("kill", "-TERM", $"{_dockerd.Id}");
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await _dockerd.WaitForExitAsync(limit.Token);
            _dockerd.Dispose();
        }

        // One that was killed in a build leaves mounts of the step's behind; the innermost first.
        foreach (var mount in File.ReadAllLines("/proc/mounts").Select(line => line.Split(' ')[1]).Where(path => path.StartsWith(_folder + "/", StringComparison.Ordinal)).Reverse())
            await HostTool.RunAsync("umount", "--lazy", mount);
        if (Directory.Exists($"/sys/class/net/{Bridge}")) await HostTool.RunAsync("ip", "link", "delete", Bridge);
        foreach (var controller in Directory.EnumerateDirectories("/sys/fs/cgroup"))
        {
            var own = Path.Combine(controller, _name);
            if (!Directory.Exists(own)) continue;
            // One that was killed in a build leaves the step's processes behind, which need a moment to end.
            await Looking.UntilAsync(async () => await EmptiedAsync(own) ? "gone" : null, TimeSpan.FromSeconds(20), $"{own} has no process any more");
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Ends what is in the cgroup and removes it, the innermost first; false while something still ends.</summary>
    private static async Task<bool> EmptiedAsync(string cgroup)
    {
        try
        {
            foreach (var inner in Directory.EnumerateDirectories(cgroup, "*", SearchOption.AllDirectories).Append(cgroup).OrderByDescending(path => path.Length))
            {
                foreach (var pid in File.ReadAllLines(Path.Combine(inner, "cgroup.procs"))) await HostTool.RunAsync("kill", "-KILL", pid);
                Directory.Delete(inner);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return false;
        }
    }

    private async Task BeginAsync()
    {
        Directory.CreateDirectory(DataRoot);
        using (var disk = File.Create(Disk)) disk.SetLength(Size);
        await HostTool.RunAsync("mkfs.ext4", "-q", "-m", "0", Disk);
        await HostTool.RunAsync("mount", "-o", "loop", Disk, DataRoot);
        await HostTool.RunAsync("ip", "link", "add", Bridge, "type", "bridge");
        await HostTool.RunAsync("ip", "address", "add", $"10.214.{RandomNumberGenerator.GetInt32(256)}.1/24", "dev", Bridge);
        await HostTool.RunAsync("ip", "link", "set", Bridge, "up");
        await RunAsync();
    }

    private async Task RunAsync()
    {
        _dockerd = Process.Start(new ProcessStartInfo(HostTool.Find("dockerd"),
        [
            "--data-root", DataRoot, "--exec-root", Path.Combine(_folder, "exec"), "--pidfile", Path.Combine(_folder, "pid"), "-H", Host,
            "--bridge", Bridge, "--iptables=false", "--ip-masq=false", "--ip-forward=false", "--live-restore", "--cgroup-parent", $"/{_name}", "--log-level", "error",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _dockerd.OutputDataReceived += (_, _) => { };
        _dockerd.ErrorDataReceived += (_, _) => { };
        _dockerd.BeginOutputReadLine();
        _dockerd.BeginErrorReadLine();
        await Looking.UntilAsync(() => Answers() ? "up" : null, TimeSpan.FromSeconds(60), "dockerd answers");
    }

    private bool Answers()
    {
        if (!File.Exists(Socket)) return false;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
