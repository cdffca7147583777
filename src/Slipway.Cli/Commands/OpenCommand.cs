using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class OpenCommand
{
    public static Verb Create(CliContext context)
    {
        var target = new Argument<string?>("target") { HelpName = "DEPLOYMENT", Description = "open its page: id, hash, or a project's name for its latest", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Verb(
            "open", "print a link that lets a browser into the dashboard, once", VerbGroup.Look,
            new Example("open", "the dashboard"),
            new Example("open shop", "the page of a project's latest deployment"))
        {
            target,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetValue(target), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string? target, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var path = target is null ? null : new Uri((await server.GetDeploymentAsync(target, ct)).DetailsUrl).AbsolutePath;
        var link = await server.CreateLoginLinkAsync(path, ct);
        context.Screen.Document(link, CliJson.Pretty.LoginLinkView);
        context.Screen.Say(link.Url);
        if (context.Screen.IsTerminal) context.Screen.Errors.WriteLine("(good once, for a few minutes)");
        return ExitCode.Done;
    }
}
