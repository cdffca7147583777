using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

internal static class InspectCommand
{
    public static Verb Create(CliContext context)
    {
        var target = VerbOptions.Target();
        var verb = new Verb(
            "inspect", "one deployment: state, URLs, source, timings, steps, failure", VerbGroup.Look,
            new Example("inspect shop", "the latest of a project"),
            new Example("inspect dpl_01jd… --json", "one by its id, for scripts"))
        {
            target,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(target), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string target, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var found = await server.GetDeploymentAsync(target, ct);
        context.Screen.Document(found, CliJson.Pretty.DeploymentView);
        foreach (var line in DeploymentText.Lines(found)) context.Screen.Say(line);
        if (found.Steps is not { Count: > 0 } steps) return ExitCode.Done;
        context.Screen.Say("steps");
        foreach (var line in StepText.Lines(steps, context.Time.GetUtcNow())) context.Screen.Say($"  {line}");
        return ExitCode.Done;
    }
}
