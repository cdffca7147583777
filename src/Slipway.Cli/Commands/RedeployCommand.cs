using System.CommandLine;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class RedeployCommand
{
    public static Verb Create(CliContext context)
    {
        var target = VerbOptions.Target();
        var production = new Option<bool>("--prod") { Description = "make it the project's production; by a project's name, what serves production now is built again" };
        var verb = new Verb(
            "redeploy", "build a deployment's source again, as a new deployment", VerbGroup.Deploy,
            new Example("redeploy dpl_01jd…", "one that has ended: its address leads to the new one"),
            new Example("redeploy shop", "the latest of a project, with the variables of now"),
            new Example("redeploy shop --prod", "production once more, with the variables, volumes and ways of now"))
        {
            target, production,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(target), parse.GetValue(production), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string target, bool isProduction, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var watch = new DeployWatch(context);
        var end = await Progress.RunAsync(context.Screen, context.Time, async progress => await watch.FollowAsync(server, await server.RedeployAsync(target, isProduction, ct), progress, ct));
        return watch.Conclude(end);
    }
}
