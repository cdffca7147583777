using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class EnvRmCommand
{
    public static Verb Create(CliContext context)
    {
        var name = new Argument<string>("name") { HelpName = "NAME", Description = "the variable's name" };
        var project = EnvOptions.Project();
        var target = EnvOptions.Target();
        var verb = new Verb("rm", "remove a variable", VerbGroup.Change, new Example("env rm API_KEY -p shop", "takes effect at the next deployment")) { name, project, target };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(project), parse.GetRequiredValue(name), parse.GetRequiredValue(target), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string project, string name, string target, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        await server.RemoveEnvironmentAsync(project, name, target, ct);
        context.Screen.Document(new Removed("variable", name), CliJson.Pretty.Removed);
        context.Screen.Say($"removed {name} of {project}; it takes effect at the next deployment");
        return ExitCode.Done;
    }
}
