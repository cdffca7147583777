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
        if (StackFolder.Of(home) is { Exists: true } stack)
            throw CliError.Broken($"{verb}.is_a_stack", "the database of this home is the stack's PostgreSQL", $"its backups are in {stack.Backups}, each day anew (BACKUP_EVERY in {stack.EnvironmentFile})");
        return OnFileAsync(home, time, verb, arguments, ct);
    }

    /// <summary>The home's own database, also where a stack is about to take it over.</summary>
    public static async Task<StoreReport> OnFileAsync(SlipwayHome home, TimeProvider time, string verb, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        // Our program would bring the tables to its own version under a server that does not know it.
        if (ServerBinary.Build is { } build && RoleProcess.Server(home, time).Running is { } running && running.Version != build)
            throw CliError.Broken($"{verb}.other_version", $"a server of another version ({running.Version}) runs on this home; this is {build}", "slipway up brings it to this one; to have a backup from before, take it with the version that runs");
        HomeFolders.Create(home);
        var ran = await ChildProcess.RunAsync(ServerBinary.Require(), ["--roles", "store", "--do", verb, .. arguments], Patience, ct, new Dictionary<string, string> { ["SLIPWAY_HOME"] = home.Root });
        if (ran.ExitCode == 0 && JsonSerializer.Deserialize(ran.Output, CliJson.Pretty.StoreReport) is { } report) return report;
        var said = ran.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (said.LastOrDefault(line => line.StartsWith(Prefix, StringComparison.Ordinal)) is { } refusal) throw CliError.Broken($"{verb}.refused", refusal[Prefix.Length..], "nothing was changed");
        throw CliError.Broken($"{verb}.failed", string.Join("\n  ", said.Take(12).DefaultIfEmpty($"slipway-server ended with {ran.ExitCode}")), "nothing was changed");
    }

    public static void Say(Screen screen, IReadOnlyList<TableCount> tables, string before, string after)
    {
        foreach (var line in Table.Lines(["table", before, after], tables.Select(t => new[] { t.Table, $"{t.Before}", $"{t.After}" }))) screen.Say($"  {line}");
    }
}
