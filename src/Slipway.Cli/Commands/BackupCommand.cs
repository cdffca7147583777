using System.CommandLine;
using System.Globalization;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Cli.Output;
using Slipway.Cli.Stack;
using Slipway.Core;

namespace Slipway.Cli.Commands;

internal static class BackupCommand
{
    private const string Contents = """
        In it: projects, variables, deployments with their history, build logs, the queue, tokens. Secrets stay encrypted under the
        master key.
        Not in it: that key (keys/master.key in the home: keep a copy somewhere else, without it the secrets are lost), settings.json,
        uploaded sources (uploads/), images. A restored deployment whose image is gone is built again by deploying it again.
        """;

    public static Verb Create(CliContext context)
    {
        var file = new Argument<string?>("file") { HelpName = "FILE", Description = "where to; must not be there yet (default slipway-backup-{time}.db here)", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Verb(
            "backup", "the whole database as one file, also while Slipway runs", VerbGroup.Machine,
            new Example("backup", "a file named after the time, in this folder"),
            new Example("backup /mnt/backups/monday.db", "mode 0600; there whole or not at all"))
        {
            More = Contents,
        };
        verb.Add(file);
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetValue(file), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string? file, CancellationToken ct)
    {
        var screen = context.Screen;
        var path = Path.GetFullPath(file ?? $"slipway-backup-{context.Time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}.db");
        var report = await StoreTool.BackupAsync(context.Home, context.Time, path, ct);
        screen.Document(report, CliJson.Pretty.StoreReport);
        screen.Say($"{path}: {Words.Bytes(new FileInfo(path).Length)}, {report.Tables.Sum(t => t.After)} rows of {report.Database}");
        screen.Say($"not in it: the master key ({MasterKey(context.Home)}), without which its secrets are lost: keep a copy of it somewhere else");
        return ExitCode.Done;
    }

    private static string MasterKey(SlipwayHome home) => StackFolder.Of(home) is { Exists: true } stack
        ? Path.Combine(stack.DataOf("server"), "keys", "master.key")
        : Path.Combine(home.Keys, "master.key");
}
