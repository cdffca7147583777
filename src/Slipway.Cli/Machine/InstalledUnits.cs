using Slipway.Core;

namespace Slipway.Cli.Machine;

/// <summary>The home's units on this machine.</summary>
internal sealed class InstalledUnits(SlipwayHome home)
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>What of our own environment a unit keeps.</summary>
    private static readonly string[] Kept = ["SLIPWAY_BUILD", "SLIPWAY_PORT", "DOCKER_HOST", "DOTNET_ROOT", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];

    private readonly string _suffix = home.Root == DefaultRoot ? "" : "-" + HomeFolders.Id(home);

    private static string DefaultRoot => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".slipway");

    private string Edge => SystemdUnits.Edge(_suffix);

    private string Server => SystemdUnits.Server(_suffix);

    private string Firewall => SystemdUnits.Firewall(_suffix);

    public bool Exist => File.Exists(Path.Combine(Systemd.UnitFolder, Server));

    /// <returns>Whether a text changed.</returns>
    public async Task<bool> WriteAsync(IReadOnlyDictionary<string, string> extra, CancellationToken ct)
    {
        var isChanged = false;
        foreach (var (name, text) in SystemdUnits.Render(Settings(extra)))
        {
            var path = Path.Combine(Systemd.UnitFolder, name);
            if (File.Exists(path) && await File.ReadAllTextAsync(path, ct) == text) continue;
            RunFiles.WriteText(path, text, Readable);
            isChanged = true;
        }

        if (isChanged) await Systemd.RunAsync(["daemon-reload"], ct);
        return isChanged;
    }

    public async Task EnableAsync(bool restart, CancellationToken ct)
    {
        await Systemd.RunAsync(["enable", Edge, Server, Firewall], ct);
        // restart also starts what does not run; the server first, as when started by hand.
        if (restart) await Systemd.RunAsync(["stop", Server], ct);
        await Systemd.RunAsync([restart ? "restart" : "start", Edge, Firewall], ct);
        await Systemd.RunAsync(["start", Server], ct);
    }

    /// <summary>Stops them, and keeps them from starting at boot: <c>up</c> enables them again.</summary>
    public Task DisableAsync(CancellationToken ct) => Systemd.RunAsync(["disable", "--now", Server, Edge, Firewall], ct);

    /// <summary>Whether a process was started by one of these units.</summary>
    public bool Own(int pid)
    {
        try
        {
            var groups = File.ReadAllText($"/proc/{pid}/cgroup");
            return groups.Contains(Edge, StringComparison.Ordinal) || groups.Contains(Server, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private UnitSettings Settings(IReadOnlyDictionary<string, string> extra)
    {
        var environment = Kept.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name)))
            .Where(e => !string.IsNullOrEmpty(e.Value)).ToDictionary(e => e.Name, e => e.Value ?? "", StringComparer.Ordinal);
        environment[ServerMemory.Variable] = ServerMemory.Value;
        foreach (var (name, value) in extra) environment[name] = value;
        return new UnitSettings(_suffix, ServerBinary.Require(), home.Root, home.Logs, Environment.UserName, environment);
    }
}
