using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class CancelCommand
{
    public static Verb Create(CliContext context)
    {
        var target = VerbOptions.Target();
        var verb = new Verb(
            "cancel", "stop a deployment that is queued, building or deploying", VerbGroup.Deploy,
            new Example("cancel shop", "the latest of a project"),
            new Example("cancel dpl_01jd…", "one by its id"))
        {
            target,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(target), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string target, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var canceled = await server.CancelAsync(target, ct);
        context.Screen.Document(canceled, CliJson.Pretty.DeploymentView);
        context.Screen.Say($"canceled {canceled.Id} of {canceled.Project}");
        return ExitCode.Done;
    }
}
