using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Cli.Output;
using Slipway.Cli.Stack;

namespace Slipway.Cli.Commands;

internal static class RestoreCommand
{
    public static Verb Create(CliContext context)
    {
        var file = new Argument<string>("file") { HelpName = "FILE", Description = "what slipway backup made, from SQLite or PostgreSQL" };
        var force = new Option<bool>("--force") { Description = "replace what the database holds now" };
        var verb = new Verb(
            "restore", "the database as a backup has it", VerbGroup.Machine,
            new Example("restore monday.db", "into a home or a PostgreSQL that is empty; slipway down first"),
            new Example("restore monday.db --force", "in place of what is there; a SQLite file stays beside it as slipway.db.before-restore"))
        {
            file, force,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(file), parse.GetValue(force), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string file, bool force, CancellationToken ct)
    {
        var screen = context.Screen;
        var report = await StoreTool.RestoreAsync(context.Home, context.Time, Path.GetFullPath(file), force, ct);
        screen.Document(report, CliJson.Pretty.StoreReport);
        screen.Say($"{report.Database} is as {file} has it; {(StackFolder.Of(context.Home).Exists ? "the stack's server runs again" : "start with: slipway up")}");
        StoreTool.Say(screen, report.Tables, "in the file", "now");
        return ExitCode.Done;
    }
}
