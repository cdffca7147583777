using System.CommandLine;
using System.Globalization;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;

namespace Slipway.Cli.Commands;

/// <summary><c>slipway failed-jobs</c>: what Slipway gave up by its own fault.</summary>
internal static class FailedJobsCommand
{
    public static Verb Create(CliContext context)
    {
        var verb = new Verb(
            "failed-jobs", "jobs that Slipway gave up by its own fault: list, build again, forget", VerbGroup.Look,
            new Example("failed-jobs", "each with its number and why"),
            new Example("failed-jobs replay 7", "build it again, as a new deployment of the same source"),
            new Example("failed-jobs rm 7", "take it out of the list"))
        {
            Replay(context), Remove(context),
        };
        verb.SetAction((_, ct) => ListAsync(context, ct));
        return verb;
    }

    private static Argument<long> Sequence() => new("sequence") { HelpName = "NUMBER", Description = "as 'slipway failed-jobs' prints it" };

    private static Verb Replay(CliContext context)
    {
        var sequence = Sequence();
        var verb = new Verb("replay", "build it again, as a new deployment", VerbGroup.Change, new Example("failed-jobs replay 7", "then: slipway logs ID -f")) { sequence };
        verb.SetAction(async (parse, ct) =>
        {
            using var server = RunningServer.Connect(context);
            var deployment = await server.ReplayFailedJobAsync(parse.GetRequiredValue(sequence), ct);
            context.Screen.Document(deployment, CliJson.Pretty.DeploymentView);
            context.Screen.Say($"{deployment.Id} of {deployment.Project} is queued; follow it with: slipway logs {deployment.Id} -f");
            return ExitCode.Done;
        });
        return verb;
    }

    private static Verb Remove(CliContext context)
    {
        var sequence = Sequence();
        var verb = new Verb("rm", "take it out of the list", VerbGroup.Change, new Example("failed-jobs rm 7", "its deployment's history stays")) { sequence };
        verb.SetAction(async (parse, ct) =>
        {
            using var server = RunningServer.Connect(context);
            var number = parse.GetRequiredValue(sequence);
            await server.RemoveFailedJobAsync(number, ct);
            context.Screen.Document(new Removed("failed job", number.ToString(CultureInfo.InvariantCulture)), CliJson.Pretty.Removed);
            context.Screen.Say($"forgot the failed job {number}");
            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task<int> ListAsync(CliContext context, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var found = await server.FailedJobsAsync(ct);
        context.Screen.Document(found, CliJson.Pretty.ListFailedJobView);
        if (found.Count == 0) context.Screen.Say("no job was given up");
        else foreach (var line in Table.Lines(["number", "project", "deployment", "tries", "why"], found.Select(j => new[] { j.Sequence.ToString(CultureInfo.InvariantCulture), j.Project ?? "(gone)", j.Deployment ?? "(unreadable)", j.Attempts.ToString(CultureInfo.InvariantCulture), j.Reason }))) context.Screen.Say(line);
        return ExitCode.Done;
    }
}
