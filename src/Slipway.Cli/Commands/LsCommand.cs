using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

internal static class LsCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string?>("project") { HelpName = "PROJECT", Description = "only this project's", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all", "-a") { Description = "also the ended ones" };
        var limit = new Option<int>("--limit", "-n") { HelpName = "N", Description = "at most so many (default 50)", DefaultValueFactory = _ => 50 };
        var verb = new Verb(
            "ls", "deployments, newest first", VerbGroup.Look,
            new Example("ls", "all projects"),
            new Example("ls shop", "one project's"),
            new Example("ls --json", "an array of what inspect prints"))
        {
            project, all, limit,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetValue(project), parse.GetValue(limit), parse.GetValue(all), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string? project, int limit, bool withEnded, CancellationToken ct)
    {
        if (limit is < 1 or > 1000) throw CliError.Usage("cli.usage", $"--limit {limit} is out of range", "limit", "give 1 to 1000");
        using var server = RunningServer.Connect(context);
        var found = await server.ListDeploymentsAsync(project, limit, withEnded, ct);
        context.Screen.Document(found, CliJson.Pretty.IReadOnlyListDeploymentView);
        if (found.Count == 0) context.Screen.Say("nothing is deployed yet: slipway deploy DIR");
        else foreach (var line in Table.Lines(["project", "state", "age", "id", "from", "url"], found.Select(d => Row(d, context.Time.GetUtcNow())))) context.Screen.Say(line);
        return ExitCode.Done;
    }

    private static string[] Row(DeploymentView d, DateTimeOffset now) =>
        [d.Project, IsProduction(d) ? $"{DeploymentText.State(d)} (prod)" : DeploymentText.State(d), Words.Age(now - d.CreatedAt), d.Id, DeploymentText.Source(d.Source), d.Url];

    /// <summary>What visitors of the production host get, not what was once meant for it.</summary>
    private static bool IsProduction(DeploymentView d) => d.State == "ready" && d.Url == d.ProductionUrl;
}
