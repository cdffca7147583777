using System.CommandLine;
using System.Globalization;
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
        var runtime = new Option<bool>("--runtime") { Description = "what the app prints while it serves; a project's name means all its deployments, each line with its own" };
        var tail = new Option<int?>("--tail") { HelpName = "N", Description = "with --runtime: the last N lines (1,000)" };
        var since = new Option<string?>("--since") { HelpName = "TIME", Description = "with --runtime: only what was printed so long ago or later (90s, 5m, 2h, 1d), or since then (2026-11-27T09:00Z)" };
        var steps = new Option<bool>("--steps") { Description = "the build's steps instead: their time, what was cached, and why the rest was not" };
        var step = new Option<string?>("--step") { HelpName = "STEP", Description = "only the lines of one step: \"build 3/7\", or a stage: fetch plan base seal run route" };
        var verb = new Verb(
            "logs", "a deployment's log, while it runs and long after", VerbGroup.Look,
            new Example("logs shop", "the whole log of the latest"),
            new Example("logs shop -f", "and what comes"),
            new Example("logs shop --runtime -f", "what its visitors' app prints, as it comes"),
            new Example("logs shop --runtime --since 2h", "also of deployments that it had then"),
            new Example("logs shop --steps", "what the build did, and what it did not have to do again"),
            new Example("logs shop --step \"build 3/7\"", "what one step printed"),
            new Example("logs 3f9a1c07 --json", "an array of lines"))
        {
            target, follow, runtime, tail, since, steps, step,
        };
        verb.SetAction(async (parse, ct) =>
        {
            if (parse.GetValue(steps) && parse.GetValue(follow)) throw CliError.Usage("logs.steps_or_follow", "--steps lists what there is and does not follow", "steps", "leave --follow out");
            if (parse.GetValue(runtime))
            {
                if (parse.GetValue(steps) || parse.GetValue(step) is not null) throw CliError.Usage("logs.steps_or_runtime", "steps are the build's, and --runtime asks for the app's own output", "runtime", "leave one of them out");
                if (parse.GetValue(tail) is < 1 or > 10_000) throw CliError.Usage("logs.tail_invalid", "--tail takes 1 to 10,000 lines", "tail", "for more, follow: --runtime -f");
                var from = parse.GetValue(since) is { } given ? Since(given, context.Time.GetUtcNow()) : (DateTimeOffset?)null;
                using var up = RunningServer.Connect(context);
                return await new RuntimeLogs(context.Screen, up).RunAsync(parse.GetRequiredValue(target), parse.GetValue(tail) ?? (from is null ? 1_000 : 10_000), from, parse.GetValue(follow), ct);
            }

            if (parse.GetValue(tail) is not null) throw CliError.Usage("logs.tail_without_runtime", "--tail goes with --runtime", "tail", "add --runtime, or leave it out");
            if (parse.GetValue(since) is not null) throw CliError.Usage("logs.since_without_runtime", "--since goes with --runtime", "since", "add --runtime, or leave it out");
            using var server = RunningServer.Connect(context);
            return await new Logs(context, server, parse.GetValue(step)).RunAsync(parse.GetRequiredValue(target), parse.GetValue(steps), parse.GetValue(follow), ct);
        });
        return verb;
    }

    internal static DateTimeOffset Since(string given, DateTimeOffset now)
    {
        if (TimeText.Seconds(given) is { } seconds) return now - TimeSpan.FromSeconds(seconds);
        return DateTimeOffset.TryParse(given, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at : throw CliError.Usage("cli.usage", $"'{given}' is neither a length of time nor a moment", "since", "write 90s, 5m, 2h, 1d, or 2026-11-27T09:00Z");
    }

    internal sealed class Logs(CliContext context, SlipwayClient server, string? step)
    {
        private readonly Screen _screen = context.Screen;

        public async Task<int> RunAsync(string target, bool steps, bool follow, CancellationToken ct)
        {
            // A project's name means its latest as of now, also when another is deployed meanwhile.
            var deployment = await server.GetDeploymentAsync(target, ct);
            if (steps) await ListStepsAsync(deployment.Id, ct);
            else if (follow) await FollowAsync(deployment.Id, ct);
            else await ReadAsync(deployment.Id, ct);
            return ExitCode.Done;
        }

        private async Task ListStepsAsync(string id, CancellationToken ct)
        {
            var steps = await server.StepsAsync(id, ct);
            _screen.Document(steps, CliJson.Pretty.IReadOnlyListStepView);
            foreach (var line in StepText.Lines(steps, context.Time.GetUtcNow())) _screen.Say(line);
        }

        private async Task FollowAsync(string id, CancellationToken ct)
        {
            await foreach (var item in server.FollowAsync(id, 0, RunningServer.FollowPatience, ct))
            {
                if (item is LogEvent.Line { Value: var line } && IsWanted(line)) _screen.Row(_screen.IsJson ? Json(line) : PlainText.Of(line.Text));
            }
        }

        /// <summary>A page at a time: a log may be longer than this machine's memory. With --json the array is written as it comes, a line an element.</summary>
        private async Task ReadAsync(string id, CancellationToken ct)
        {
            var after = 0L;
            var begin = "[";
            while (await server.LogsAsync(id, after, ct) is { Count: > 0 } page)
            {
                after = page[^1].Sequence;
                foreach (var line in page.Where(IsWanted))
                {
                    if (_screen.IsJson) _screen.Part($"{begin}\n  {Json(line)}");
                    else _screen.Say(line.Text);
                    begin = ",";
                }
            }

            _screen.Part(begin == "[" ? "[]\n" : "\n]\n");
        }

        private bool IsWanted(LogLineView line) => step is null || line.Step == step;

        private static string Json(LogLineView line) => JsonSerializer.Serialize(line, LineJson.Readable.LogLineView);
    }
}
