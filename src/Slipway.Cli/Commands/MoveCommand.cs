using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class MoveCommand
{
    public static Verb Create(CliContext context)
    {
        var to = new Option<string>("--to") { HelpName = "postgres", Description = "where to", Required = true };
        var connection = new Option<string>("--connection") { HelpName = "TEXT", Description = "Host=…;Username=…;Database=…, without a password", Required = true };
        var password = new Option<string?>("--password-file") { HelpName = "FILE", Description = "the file that holds the password, and nothing else; it stays where it is" };
        var force = new Option<bool>("--force") { Description = "replace what that database holds now" };
        var verb = new Verb(
            "move", "take this home's database from its file to PostgreSQL", VerbGroup.Machine,
            new Example("move --to postgres --connection 'Host=db.internal;Username=slipway;Database=slipway' --password-file /etc/slipway/db-password", "slipway down first; docs/production.md tells the rest"))
        {
            to, connection, password, force,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(to), parse.GetRequiredValue(connection), parse.GetValue(password), parse.GetValue(force), ct));
        return verb;
    }

    private static bool Secretive(string connection) =>
        connection.Split(';').Select(part => part.Split('=')[0].Trim()).Any(key => key.Equals("Password", StringComparison.OrdinalIgnoreCase) || key.Equals("PWD", StringComparison.OrdinalIgnoreCase) || key.Equals("PSW", StringComparison.OrdinalIgnoreCase));

    private static async Task<int> RunAsync(CliContext context, string to, string connection, string? passwordFile, bool force, CancellationToken ct)
    {
        if (to != "postgres") throw CliError.Usage("move.unknown_target", $"nothing moves to '{to}'", "to", "there is: postgres");
        if (Secretive(connection)) throw CliError.Usage("move.password_in_argv", "a password on the command line can be read by every user of this machine and stays in your shell's history; nothing was moved", "connection", "put it alone into a file and name that: --password-file FILE");
        var screen = context.Screen;
        var file = passwordFile is null ? null : Path.GetFullPath(passwordFile);
        List<string> arguments = ["--connection", connection];
        if (file is not null) arguments.AddRange(["--password-file", file]);
        if (force) arguments.Add("--force");
        var report = await StoreTool.RunAsync(context.Home, context.Time, "move", arguments, ct);
        // Last of all: until here the old file is what a server uses.
        new HomeSettingsFile(context.Home).UsePostgres(connection, file);
        screen.Document(report, CliJson.Pretty.StoreReport);
        screen.Say($"moved to {report.Database}, and settings.json names it; start with: slipway up");
        StoreTool.Say(screen, report.Tables, "before", "after");
        screen.Say($"the old file stays where it was ({context.Home.Database}); without \"Store\" in settings.json it is used again");
        return ExitCode.Done;
    }
}
