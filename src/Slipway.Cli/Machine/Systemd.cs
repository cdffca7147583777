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
        if (await TryAsync(arguments, ct) is { } error) throw CliError.Broken("systemd.failed", error, "see: journalctl -xe");
    }

    /// <returns>What went wrong; null when nothing did.</returns>
    public static async Task<string?> TryAsync(IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var result = await ChildProcess.RunAsync("systemctl", arguments, Patience, ct);
        return result.ExitCode == 0 ? null : $"systemctl {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Errors.Trim()}";
    }
}
