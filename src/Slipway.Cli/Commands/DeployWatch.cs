using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

/// <summary>Shows a deployment as it goes, and how it ended.</summary>
internal sealed class DeployWatch(CliContext context)
{
    /// <summary>Steps of the log that are stages; all others are steps of the build.</summary>
    private static readonly HashSet<string> Stages = new(StringComparer.Ordinal) { "queued", "fetch", "plan", "base", "seal", "run", "route" };

    private readonly LastWords _lastWords = new();

    public async Task<DeploymentView> FollowAsync(SlipwayClient server, DeploymentView deployment, Progress progress, CancellationToken ct)
    {
        progress.End();
        progress.Line($"deployment {deployment.Id} of project {deployment.Project}");
        progress.Line(deployment.DetailsUrl);
        var seen = deployment;
        using var interrupt = new DeployInterrupt(deployment, context.Screen.Errors);
        await foreach (var item in server.FollowAsync(deployment.Id, 0, RunningServer.FollowPatience, ct))
        {
            if (item is LogEvent.Line { Value: var line }) Show(line, progress);
            else if (item is LogEvent.State { Value: { State: "queued" or "waiting" } waiting }) progress.Begin(waiting.State);
            else if (item is LogEvent.End { Value: var end }) seen = end;
        }

        progress.End(isGood: seen.State == "ready");
        return seen;
    }

    /// <summary>The result, and its exit code.</summary>
    public int Conclude(DeploymentView end)
    {
        var screen = context.Screen;
        screen.Document(end, CliJson.Pretty.DeploymentView);
        if (end.State is not ("ready" or "ended"))
        {
            SayFailure(end, screen.Errors);
            return ExitCode.Failed;
        }

        if (DeploymentText.Timings(end.Timings) is { Length: > 0 } timings) screen.Progress.WriteLine($"ready: {timings}");
        if (end.Url == end.ProductionUrl) screen.Say($"preview     {end.PreviewUrl}");
        screen.Say($"{(end.Url == end.ProductionUrl ? "production" : "preview   ")}  {end.Url}");
        return ExitCode.Done;
    }

    private void Show(LogLineView line, Progress progress)
    {
        var text = PlainText.Of(line.Text);
        _lastWords.Add(line, text);
        if (line.Step is { } step) progress.Begin(Stages.Contains(step) ? step : "build");
        if (line.Change is { } change && line.Step is { } own) progress.BuildStep(own, change with { Name = PlainText.Of(change.Name) }, text);
        else if (line.Stream == "system") progress.Line(text);
        else progress.Output(line.Step, text);
    }

    private void SayFailure(DeploymentView end, TextWriter to)
    {
        to.WriteLine();
        if (end.State == "canceled")
        {
            to.WriteLine($"canceled: {end.Id} of {end.Project}");
            return;
        }

        to.WriteLine($"failed: {end.Failure?.Message ?? end.State}");
        if (end.Failure?.Step is { } step) to.WriteLine($"  step       {step}");
        if (end.Failure?.ExitCode is { } code) to.WriteLine($"  exit code  {code}");
        var words = _lastWords.Of(end.Failure?.Step);
        if (words.Count > 0) to.WriteLine("  last lines");
        foreach (var line in words) to.WriteLine($"    {line}");
        if (end.Failure?.Hint is { } hint) to.WriteLine($"  hint       {hint}");
        to.WriteLine($"  whole log  slipway logs {end.Id}");
    }
}
