using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Machine;

/// <summary>systemctl, where systemd runs.</summary>
internal static class Systemd
{
    public const string UnitFolder = "/etc/systemd/system";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static bool IsRunning => Directory.Exists("/run/systemd/system");

    /// <summary>Units of the whole system are root's to write.</summary>
    public static bool CanInstallUnits => IsRunning && Environment.IsPrivilegedProcess;

    public static async Task RunAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var result = await ChildProcess.RunAsync("systemctl", arguments, Patience, ct);
        if (result.ExitCode != 0)
        {
            throw CliError.Broken("systemd.failed", $"systemctl {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Errors.Trim()}", "see: journalctl -xe");
        }
    }
}
