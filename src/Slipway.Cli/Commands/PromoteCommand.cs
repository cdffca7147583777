using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

internal static class PromoteCommand
{
    public static Verb Create(CliContext context)
    {
        var target = VerbOptions.Target();
        var verb = new Verb(
            "promote", "make a ready deployment the project's production; nothing is rebuilt", VerbGroup.Deploy,
            new Example("promote dpl_01jd…", "the preview you looked at becomes what everybody sees"),
            new Example("promote shop", "the latest of a project; also releases what a rollback pinned"))
        {
            target,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(target), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string target, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var production = await server.PromoteAsync(target, ct);
        context.Screen.Document(production, CliJson.Pretty.ProductionView);
        foreach (var line in Lines(production)) context.Screen.Say(line);
        return ExitCode.Done;
    }

    internal static IEnumerable<string> Lines(ProductionView production)
    {
        yield return $"production of {production.Project} is {production.Deployment.Id}, served after {production.TookMs:0} ms";
        yield return $"production  {production.Url}";
    }
}
