using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class DomainsLsCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string>("project") { HelpName = "PROJECT", Description = "the project's name" };
        var verb = new Verb("ls", "list a project's own domains", VerbGroup.Change, new Example("domains ls shop", "each with where it leads")) { project };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(project), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var found = await server.ListDomainsAsync(project, ct);
        context.Screen.Document(found, CliJson.Pretty.IReadOnlyListDomainView);
        if (found.Count == 0) context.Screen.Say($"{project} has no domain of its own: slipway domains add {project} HOST");
        else foreach (var line in Table.Lines(["domain", "leads to"], found.Select(d => new[] { d.Url, d.RedirectTo ?? "production" }))) context.Screen.Say(line);
        return ExitCode.Done;
    }
}
