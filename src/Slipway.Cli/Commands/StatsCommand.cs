using System.CommandLine;
using System.Globalization;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

internal static class StatsCommand
{
    public static Verb Create(CliContext context)
    {
        var project = new Argument<string?>("project") { HelpName = "PROJECT", Description = "only this project's", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Verb(
            "stats", "what deployments use, and how they answer", VerbGroup.Look,
            new Example("stats", "all that run or sleep"),
            new Example("stats shop", "one project's"),
            new Example("stats shop --json", "with all numbers; requests by class since the edge came up"))
        {
            project,
        };
        verb.SetAction((parse, ct) => RunAsync(context, parse.GetValue(project), ct));
        return verb;
    }

    private static async Task<int> RunAsync(CliContext context, string? project, CancellationToken ct)
    {
        using var server = RunningServer.Connect(context);
        var found = await server.MetricsAsync(project, ct);
        context.Screen.Document(found, CliJson.Pretty.IReadOnlyListDeploymentMetricsView);
        foreach (var line in Lines(found)) context.Screen.Say(line);
        return ExitCode.Done;
    }

    internal static IEnumerable<string> Lines(IReadOnlyList<DeploymentMetricsView> found)
    {
        if (found.Count == 0) return ["nothing runs or sleeps"];
        var table = Table.Lines(["project", "id", "state", "cpu", "memory", "restarts", "req/s", "p50", "p90", "p99"], found.Select(Row));
        return [.. table, $"req/s and times: of the last {Words.Age(TimeSpan.FromSeconds(found.Max(f => f.WindowSeconds)))}"];
    }

    private static string[] Row(DeploymentMetricsView f) =>
    [
        f.Project, f.Deployment, f.Production ? $"{f.State} (prod)" : f.State, Number(f.CpuPercent, "0.0", " %"), Memory(f), Restarts(f), Number(f.RequestsPerSecond, "0.0", ""),
        Number(f.Latency?.P50Ms, "0", " ms"), Number(f.Latency?.P90Ms, "0", " ms"), Number(f.Latency?.P99Ms, "0", " ms"),
    ];

    private static string Memory(DeploymentMetricsView f) =>
        f.MemoryBytes is not { } bytes ? "-" : f.MemoryLimitBytes is { } limit ? $"{bytes >> 20}/{limit >> 20} MiB" : $"{bytes >> 20} MiB";

    private static string Restarts(DeploymentMetricsView f) =>
        f.LastExit is not { } exit ? $"{f.Restarts}" : exit.OutOfMemory ? $"{f.Restarts} (out of memory)" : $"{f.Restarts} (exit {exit.ExitCode})";

    private static string Number(double? number, string format, string unit) => number is { } n ? n.ToString(format, CultureInfo.InvariantCulture) + unit : "-";
}
