using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class DomainsRmCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string>("project") { HelpName = "PROJECT", Description = "the project's name" };
        var host = new Argument<string>("host") { HelpName = "HOST", Description = "the domain" };
        var verb = new Verb("rm", "take a domain away", VerbGroup.Change, new Example("domains rm shop www.example.com", "nothing answers there any more")) { project, host };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(project), parse.GetRequiredValue(host), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, string host, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        await server.RemoveDomainAsync(project, host, ct);
        context.Screen.Document(new Removed("domain", host), CliJson.Pretty.Removed);
        context.Screen.Say($"removed {host} of {project}");
        return ExitCode.Done;
    }
}
