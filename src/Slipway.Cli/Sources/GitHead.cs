using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;

namespace Slipway.Cli.Sources;

/// <summary>What HEAD is where the folder is a git work tree; for display only.</summary>
internal sealed record GitHead(string Commit, string Message, string? Branch)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Files below the folder that are tracked although the ignore files name them, relative to it.</summary>
    public static async Task<IReadOnlyCollection<string>> TrackedButIgnoredAsync(string folder, CancellationToken ct)
    {
        if (!Directory.Exists(folder) || !ChildProcess.Exists("git")) return [];
        var list = await ChildProcess.RunAsync("git", ["-c", "core.fsmonitor=false", "-C", folder, "ls-files", "-z", "--cached", "--ignored", "--exclude-standard"], Patience, ct);
        return list.ExitCode == 0 ? list.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries) : [];
    }

    /// <summary>Null without git, without a repository, without a commit.</summary>
    public static async Task<GitHead?> ReadAsync(string folder, CancellationToken ct)
    {
        // Nobody else's hooks or monitors are run for a line of display.
        string[] git = ["-c", "core.fsmonitor=false", "-C", folder];
        try
        {
            var log = await ChildProcess.RunAsync("git", [.. git, "log", "-1", "--no-show-signature", "--format=%H%n%s"], Patience, ct);
            if (log.ExitCode != 0 || log.Output.Split('\n') is not [{ Length: >= 40 } commit, var message, ..]) return null;
            var branch = await ChildProcess.RunAsync("git", [.. git, "symbolic-ref", "--short", "-q", "HEAD"], Patience, ct);
            return new GitHead(commit, message.Trim(), branch.ExitCode == 0 ? branch.Output.Trim() : null);
        }
        catch (CliError)
        {
            return null;
        }
    }
}
