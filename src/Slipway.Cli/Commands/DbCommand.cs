using Slipway.Cli.CommandLine;
using Slipway.Cli.Machine;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway db migrate</c>: the tables' upgrade by itself.</summary>
internal static class DbCommand
{
    public static Verb Create(CliContext context)
    {
        var migrate = new Verb(
            "migrate", "bring the database's tables to what this version needs", VerbGroup.Machine,
            new Example("db migrate", "before the new version's server is started; says what it did"))
        {
            More = "A server does the same when it starts: this is for those who want it apart, or first. It is done whole or not at all, and\ntwo at once do it once. A database that a newer version has used is refused.",
        };
        migrate.SetAction((_, ct) => MigrateAsync(context, ct));
        return new Verb("db", "the database's tables", VerbGroup.Machine, new Example("db migrate", "bring the tables to what this version needs")) { migrate };
    }

    private static async Task<int> MigrateAsync(CliContext context, CancellationToken ct)
    {
        var screen = context.Screen;
        var report = await StoreTool.RunAsync(context.Home, context.Time, "migrate", [], ct);
        screen.Document(report, CliJson.Pretty.StoreReport);
        screen.Say(report.Migrations.Count == 0 ? $"{report.Database} is up to date" : $"{report.Database} is brought up to date: {string.Join(", ", report.Migrations)}");
        return ExitCode.Done;
    }
}
