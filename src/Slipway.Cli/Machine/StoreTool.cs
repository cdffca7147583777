using System.Text.Json;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Cli.Stack;
using Slipway.Core;
using Slipway.Core.Storage;

namespace Slipway.Cli.Machine;

/// <summary>Lets the server's program do one thing to the database as a whole; it knows the databases, we do not.</summary>
internal static class StoreTool
{
    private const string Prefix = "slipway-server: ";

    /// <summary>A large database takes its time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(12);

    /// <param name="arguments">Never a secret: others see them.</param>
    /// <exception cref="CliError">In the words of what refused it.</exception>
    public static Task<StoreReport> RunAsync(SlipwayHome home, TimeProvider time, string verb, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        // What lies in the home is from before the stack, and out of date since.
        if (StackFolder.Of(home).Exists)
            throw CliError.Broken($"{verb}.is_a_stack", "the database of this home is the stack's PostgreSQL", "the stack's server brings its tables up to date at its start: slipway stack up");
        return OnFileAsync(home, time, verb, arguments, ct);
    }

    /// <summary>A new file with all of the database, this home's or its stack's.</summary>
    public static async Task<StoreReport> BackupAsync(SlipwayHome home, TimeProvider time, string file, CancellationToken ct) => StackFolder.Of(home) is { Exists: true } stack
        ? await (await StackStore.OpenAsync(stack, "backup", ct)).BackupAsync(file, ct)
        : await OnFileAsync(home, time, "backup", ["--file", file], ct);

    /// <param name="force">Replaces what the database holds now.</param>
    public static async Task<StoreReport> RestoreAsync(SlipwayHome home, TimeProvider time, string file, bool force, CancellationToken ct) => StackFolder.Of(home) is { Exists: true } stack
        ? await (await StackStore.OpenAsync(stack, "restore", ct)).RestoreAsync(file, force, ct)
        : await OnFileAsync(home, time, "restore", ["--file", file, .. force ? ["--force"] : Array.Empty<string>()], ct);

    /// <summary>The home's own database, also where a stack is about to take it over.</summary>
    public static async Task<StoreReport> OnFileAsync(SlipwayHome home, TimeProvider time, string verb, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        // Our program would bring the tables to its own version under a server that does not know it.
        if (ServerBinary.Build is { } build && RoleProcess.Server(home, time).Running is { } running && running.Version != build)
            throw CliError.Broken($"{verb}.other_version", $"a server of another version ({running.Version}) runs on this home; this is {build}", "slipway up brings it to this one; to have a backup from before, take it with the version that runs");
        HomeFolders.Create(home);
        return Report(verb, await ChildProcess.RunAsync(ServerBinary.Require(), ["--roles", "store", "--do", verb, .. arguments], Patience, ct, new Dictionary<string, string> { ["SLIPWAY_HOME"] = home.Root }));
    }

    /// <summary>What the server's program printed: one document among what a compose program may say, or why not.</summary>
    public static StoreReport Report(string verb, ProcessResult ran)
    {
        var printed = ran.Output.Split('\n').FirstOrDefault(line => line.StartsWith('{'));
        if (ran.ExitCode == 0 && printed is not null && JsonSerializer.Deserialize(printed, CliJson.Pretty.StoreReport) is { } report) return report;
        var said = ran.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (said.LastOrDefault(line => line.StartsWith(Prefix, StringComparison.Ordinal)) is { } refusal) throw CliError.Broken($"{verb}.refused", refusal[Prefix.Length..], "nothing was changed");
        throw CliError.Broken($"{verb}.failed", string.Join("\n  ", said.Take(12).DefaultIfEmpty($"slipway-server ended with {ran.ExitCode}")), "nothing was changed");
    }

    public static void Say(Screen screen, IReadOnlyList<TableCount> tables, string before, string after)
    {
        foreach (var line in Table.Lines(["table", before, after], tables.Select(t => new[] { t.Table, $"{t.Before}", $"{t.After}" }))) screen.Say($"  {line}");
    }
}
