using System.CommandLine;
using System.Text.Json;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

internal static class LogsCommand
{
    public static Verb Create(CliContext context)
    {
        var target = VerbOptions.Target();
        var follow = new Option<bool>("--follow", "-f") { Description = "go on until the deployment is ready or has failed; with --json a JSON document a line" };
        var verb = new Verb(
            "logs", "a deployment's log, while it runs and long after", VerbGroup.Look,
            new Example("logs shop", "the whole log of the latest"),
            new Example("logs shop -f", "and what comes"),
            new Example("logs 3f9a1c07 --json", "an array of lines"))
        {
            target, follow,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetRequiredValue(target), parse.GetValue(follow), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string target, bool follow, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        // A project's name means its latest as of now, also when another is deployed meanwhile.
        var deployment = await server.GetDeploymentAsync(target, ct);
        if (follow) return await FollowAsync(context, server, deployment.Id, ct);
        var lines = new List<LogLineView>();
        while (await server.LogsAsync(deployment.Id, lines.Count == 0 ? 0 : lines[^1].Sequence, ct) is { Count: > 0 } more) lines.AddRange(more);
        context.Screen.Document(lines, CliJson.Pretty.IReadOnlyListLogLineView);
        foreach (var line in lines) context.Screen.Say(DeploymentText.Clean(line.Text));
        return ExitCode.Done;
    }

    private static async Task<int> FollowAsync(CliContext context, SlipwayClient server, string id, CancellationToken ct)
    {
        await foreach (var item in server.FollowAsync(id, 0, RunningServer.FollowPatience, ct))
        {
            if (item is LogEvent.Line { Value: var line }) context.Screen.Row(context.Screen.IsJson ? JsonSerializer.Serialize(line, LineJson.Default.LogLineView) : DeploymentText.Clean(line.Text));
        }

        return ExitCode.Done;
    }
}
