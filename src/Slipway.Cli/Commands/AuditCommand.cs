using System.CommandLine;
using System.Globalization;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

internal static class AuditCommand
{
    private const int Most = 500;

    public static Verb Create(CliContext context)
    {
        var project = new Argument<string?>("project") { HelpName = "PROJECT", Description = "only this project's, also one that is gone", Arity = ArgumentArity.ZeroOrOne };
        var limit = new Option<int>("--limit", "-n") { HelpName = "N", Description = "at most so many (default 50)", DefaultValueFactory = _ => 50 };
        var before = new Option<long?>("--before") { HelpName = "ID", Description = "only older ones than this entry" };
        var verb = new Verb(
            "audit", "who did what: commands, ways out, volumes, passwords, variables, removals", VerbGroup.Look,
            new Example("audit", "all projects, newest first"),
            new Example("audit shop -n 500", "one project's"),
            new Example("audit shop --json", "with each entry's id; the next page: --before ID"))
        {
            project, limit, before,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetValue(project), parse.GetValue(limit), parse.GetValue(before), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string? project, int limit, long? before, CancellationToken ct)
    {
        if (limit is < 1 or > Most) throw CliError.Usage("cli.usage", $"--limit {limit} is out of range", "limit", $"give 1 to {Most}");
        if (before < 1) throw CliError.Usage("cli.usage", $"--before {before} is no entry's id", "before", "see the ids with: slipway audit --json");
        using var server = RunningServer.Connect(context);
        var found = await server.AuditAsync(project, before, limit, ct);
        context.Screen.Document(found, CliJson.Pretty.IReadOnlyListAuditEntryView);
        foreach (var line in Lines(found, project, limit)) context.Screen.Say(line);
        return ExitCode.Done;
    }

    internal static IEnumerable<string> Lines(IReadOnlyList<AuditEntryView> found, string? project, int limit)
    {
        if (found.Count == 0) return [project is null ? "nothing is written down yet" : $"nothing is written down of {project}"];
        var table = Table.Lines(["when", "who", "what", "project", "detail"], found.Select(e => new[] { When(e.At), e.Actor, e.Action, e.Project ?? "-", e.Detail }));
        return found.Count < limit ? table : [.. table, $"older ones: slipway audit{(project is null ? "" : $" {project}")} --before {found[^1].Id.ToString(CultureInfo.InvariantCulture)}"];
    }

    private static string When(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
