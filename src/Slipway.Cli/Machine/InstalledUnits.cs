using Slipway.Core;

namespace Slipway.Cli.Machine;

/// <summary>The home's units on this machine.</summary>
internal sealed class InstalledUnits(SlipwayHome home)
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _environmentFile = Path.Combine(home.Root, "units.env");
    private readonly string _suffix = home.Root == DefaultRoot ? "" : "-" + HomeFolders.Id(home);

    private static string DefaultRoot => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".slipway");

    private string Edge => SystemdUnits.Edge(_suffix);

    private string Server => SystemdUnits.Server(_suffix);

    private string Companion => SystemdUnits.Companion(_suffix);

    private string Firewall => SystemdUnits.Firewall(_suffix);

    private string FirewallAgain => SystemdUnits.FirewallAgain(_suffix);

    public bool Exist => File.Exists(Path.Combine(Systemd.UnitFolder, Server));

    /// <returns>Whether a text changed: then what runs is to be restarted.</returns>
    public async Task<bool> WriteAsync(IReadOnlyDictionary<string, string> extra, CancellationToken ct)
    {
        var environment = UnitEnvironment.Render(UnitEnvironment.Of(Environment.GetEnvironmentVariables(), extra));
        var isChanged = await WriteAsync(_environmentFile, environment, Private, ct);
        var isUnitChanged = false;
        foreach (var (name, text) in SystemdUnits.Render(new UnitSettings(_suffix, ServerBinary.Require(), ServerBinary.Edge(), home.Root, home.Logs, Environment.UserName, _environmentFile)))
        {
            isUnitChanged |= await WriteAsync(Path.Combine(Systemd.UnitFolder, name), text, Readable, ct);
        }

        if (isUnitChanged) await Systemd.RunAsync(["daemon-reload"], ct);
        return isChanged || isUnitChanged;
    }

    /// <returns>Why the fence does not stand; null when it does. Apps are served all the same.</returns>
    public async Task<string?> EnableAsync(bool restart, CancellationToken ct)
    {
        await Systemd.RunAsync(["enable", Edge, Companion, Server, Firewall, FirewallAgain], ct);
        // restart also starts what does not run; the server first, as when started by hand.
        if (restart) await Systemd.RunAsync(["stop", Server], ct);
        await Systemd.RunAsync([restart ? "restart" : "start", Edge], ct);
        await Systemd.RunAsync([restart ? "restart" : "start", Companion], ct);
        var unfenced = await Systemd.TryAsync([restart ? "restart" : "start", Firewall], ct);
        await Systemd.RunAsync(["start", Server], ct);
        return unfenced is null ? null : $"builds and apps are not fenced off from this machine and its networks: journalctl -u {Firewall} says why";
    }

    /// <summary>Stops them, and keeps them from starting at boot: <c>up</c> enables them again.</summary>
    public Task DisableAsync(CancellationToken ct) => Systemd.RunAsync(["disable", "--now", Server, Edge, Companion, Firewall, FirewallAgain], ct);

    /// <summary>Whether a process was started by one of these units.</summary>
    public bool Own(int pid)
    {
        try
        {
            var groups = File.ReadAllText($"/proc/{pid}/cgroup");
            return new[] { Edge, Companion, Server }.Any(unit => groups.Contains(unit, StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<bool> WriteAsync(string path, string text, UnixFileMode mode, CancellationToken ct)
    {
        if (File.Exists(path) && await File.ReadAllTextAsync(path, ct) == text) return false;
        RunFiles.WriteText(path, text, mode);
        return true;
    }
}
