using Slipway.Cli.CommandLine;
using Slipway.Cli.Connection;
using Slipway.Cli.Output;
using Slipway.Client;

namespace Slipway.Cli.Commands;

/// <summary>Shows a deployment as it goes, and how it ended.</summary>
internal sealed class DeployWatch(CliContext context)
{
    private const int Kept = 20;
    private readonly Queue<string> _last = new();
    private string? _failing;

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
        if (end.State is "ready" or "ended")
        {
            if (DeploymentText.Timings(end.Timings) is { Length: > 0 } timings) screen.Progress.WriteLine($"ready: {timings}");
            if (end.Url != end.PreviewUrl) screen.Say($"preview     {end.PreviewUrl}");
            screen.Say($"{(end.Url == end.ProductionUrl ? "production" : "preview   ")}  {end.Url}");
            return ExitCode.Done;
        }

        SayFailure(end, screen.Errors);
        return ExitCode.Failed;
    }

    private void Show(LogLineView line, Progress progress)
    {
        var text = DeploymentText.Clean(line.Text);
        if (line.Step is { } step) progress.Begin(DeploymentText.Clean(step));
        progress.Line(text);
        // What Slipway says itself after a failing step is told by the failure; these are the program's own last words.
        if (line.Stream == "system" && _last.Count > 0 && line.Step is null) return;
        if (line.Step != _failing) _last.Clear();
        _failing = line.Step;
        _last.Enqueue(text);
        while (_last.Count > Kept) _last.Dequeue();
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
        if (_last.Count > 0) to.WriteLine($"  last lines");
        foreach (var line in _last) to.WriteLine($"    {line}");
        if (end.Failure?.Hint is { } hint) to.WriteLine($"  hint       {hint}");
        to.WriteLine($"  whole log  slipway logs {end.Id}");
    }
}
