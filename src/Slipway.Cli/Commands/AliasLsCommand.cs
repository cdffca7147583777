using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class AliasLsCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string>("project") { HelpName = "PROJECT", Description = "the project's name" };
        var verb = new Verb(
            "ls", "list a project's hosts and where each leads", VerbGroup.Change,
            new Example("alias ls shop", "production first, then branches, then previews"),
            new Example("alias ls shop --json", "for scripts"))
        {
            project,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(project), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var found = await server.ListAliasesAsync(project, ct);
        context.Screen.Document(found, CliJson.Pretty.IReadOnlyListAliasView);
        if (found.Count == 0) context.Screen.Say($"{project} has no hosts yet: nothing of it is deployed");
        else foreach (var line in Table.Lines(["kind", "url", "state", "deployment"], found.Select(a => new[] { a.Pinned ? $"{a.Kind} (pinned)" : a.Kind, a.Url, a.State, a.Deployment }))) context.Screen.Say(line);
        return ExitCode.Done;
    }
}
