using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;

namespace Slipway.Cli.Machine;

/// <summary>A program that Slipway or its tests need, and the Debian package that brings it.</summary>
/// <param name="Program">How to see that it is there already.</param>
/// <param name="Why">Said when it cannot be installed.</param>
internal sealed record Need(string Package, string Program, string Why);

/// <summary>Installs what is missing by apt, as root; changes nothing otherwise.</summary>
internal static class Packages
{
    public static readonly Need Engine = new("docker.io", "dockerd", "it builds and runs your apps");
    public static readonly Need Git = new("git", "git", "it fetches repositories");

    /// <summary>What makes Slipway whole on any machine.</summary>
    public static readonly IReadOnlyList<Need> Wanted =
    [
        new("nftables", "nft", "it keeps builds and apps off your private networks"),
        new("mmdebstrap", "mmdebstrap", "it makes base images where no image registry can be reached"),
    ];

    /// <summary>Where others reach the edge.</summary>
    public static readonly Need Certificates = new("lego", "lego", "it fetches certificates for your domains");

    /// <summary>Without one of these Slipway works and says what is not there.</summary>
    public static bool IsOptional(Need need) => need == Certificates || Wanted.Contains(need);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private static readonly Dictionary<string, string> Quiet = new() { ["DEBIAN_FRONTEND"] = "noninteractive", ["NEEDRESTART_MODE"] = "l", ["LC_ALL"] = "C.UTF-8" };

    public static bool CanInstall => Environment.IsPrivilegedProcess && ChildProcess.Exists("apt-get");

    public static IReadOnlyList<Need> Missing(IEnumerable<Need> needs) => [.. needs.Where(n => !ChildProcess.Exists(n.Program))];

    /// <summary>The command a person would type, for those who must.</summary>
    public static string Command(IEnumerable<Need> needs) =>
        $"sudo apt-get update && sudo apt-get install -y --no-install-recommends {string.Join(' ', needs.Select(n => n.Package).Append("ca-certificates"))}";

    public static async Task InstallAsync(IReadOnlyList<Need> needs, Progress progress, CancellationToken ct)
    {
        if (needs.Count == 0) return;
        progress.Begin("reading the package lists (apt-get update)");
        // Old lists may still do: whether they did is seen at the install.
        var update = await ChildProcess.RunAsync("apt-get", ["-q", "-o", "DPkg::Lock::Timeout=120", "update"], Patience, ct, Quiet);
        progress.Begin($"installing {string.Join(", ", needs.Select(Name))}");
        string[] arguments = ["-q", "-o", "DPkg::Lock::Timeout=120", "install", "-y", "--no-install-recommends", .. needs.Select(n => n.Package), "ca-certificates"];
        var install = await ChildProcess.RunAsync("apt-get", arguments, Patience, ct, Quiet);
        if (WasInterrupted(install))
        {
            progress.Begin("finishing what an interrupted apt left half done (dpkg --configure -a)");
            await ChildProcess.RunAsync("dpkg", ["--configure", "-a"], Patience, ct, Quiet);
            install = await ChildProcess.RunAsync("apt-get", arguments, Patience, ct, Quiet);
        }
        if (install.ExitCode != 0) throw Failed(needs, install, update);
        progress.End();
    }

    /// <summary>An apt that was killed half way stops every later one with "dpkg was interrupted, you must manually run 'dpkg --configure -a'".</summary>
    private static bool WasInterrupted(ProcessResult install) => install.ExitCode != 0 && install.Errors.Contains("dpkg --configure -a", StringComparison.Ordinal);

    private static string Name(Need need) => need == Engine ? "Docker Engine (docker.io, about 66 MB)" : need.Package;

    private static CliError Failed(IReadOnlyList<Need> needs, ProcessResult install, ProcessResult update)
    {
        var said = install.Errors + (update.ExitCode != 0 ? update.Errors : "");
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(8);
        return CliError.Broken(
            "machine.install_failed", $"apt-get could not install {string.Join(", ", needs.Select(n => n.Package))}:\n  {string.Join("\n  ", lines)}",
            $"see what is wrong with: {Command(needs)}");
    }
}
