using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Core.Pipeline.Launching;

/// <summary>
/// The second half of the story, for one shipped deployment: run → route → ready. Every step may be repeated after a crash:
/// start is idempotent, health and routes are found out again, the pointer is only moved forward.
/// </summary>
public sealed class DeploymentLauncher(
    IDeploymentStore deployments, IBuildLog buildLog, InstanceStart start, InstanceHealth health, HealthChecks checks, HealthyDeployments healthy,
    RoutePublisher routes, IRouter router, ProductionPointer pointer, DataHandover handover, IContainerRuntime runtime, IOptions<RuntimeOptions> options, TimeProvider time, ILogger<DeploymentLauncher> log)
{
    /// <summary>Nothing is built again here: an edge or engine that restarts is back in seconds. Some three minutes in all.</summary>
    private static readonly TimeSpan[] _pauses = [.. new[] { 1, 2, 5, 10, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15 }.Select(s => TimeSpan.FromSeconds(s))];

    public async Task LaunchAsync(Deployment d, CancellationToken ct)
    {
        var clock = new StageClock(time);
        // Batches of this half have a range of their own, and a new one after each restart.
        var output = new BuildLogWriter(buildLog, d.Id, d.Attempt, time, firstBatch: time.GetUtcNow().UtcTicks);
        try
        {
            var outcome = await PersistAsync(d, clock, output, ct);
            if (outcome.IsFailure(out var failure)) await FailAsync(d, failure, clock, output, ct);
        }
        finally
        {
            healthy.Remove(d.Id);
            await output.DisposeAsync();
            if (!ct.IsCancellationRequested) await EndLogAsync(d.Id);
        }
    }

    /// <summary>An edge that restarts or an engine that is away for a moment is no fault of the app's: tried again, then given up with the reason.</summary>
    private async Task<Outcome<Deployment>> PersistAsync(Deployment d, StageClock clock, IBuildOutput output, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await GoLiveAsync(d, clock, output, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.LaunchFailed(e, d.Id);
                if (await deployments.FindAsync(d.Id, ct) is not { State: DeploymentState.Deploying }) return new Failure("canceled", "the deployment ended while it was brought up");
                if (attempt > _pauses.Length) return GivenUp(e);
                var pause = _pauses[attempt - 1];
                output.Say($"no fault of the app's, trying again in {pause.TotalSeconds:0} s: {e.Message}", clock.Current?.ToString().ToLowerInvariant());
                await Task.Delay(pause, time, ct);
            }
        }
    }

    private static Failure GivenUp(Exception e) => e is RouterDownException
        ? new Failure("route.edge_down", e.Message, "start it: slipway up; then deploy again", "route")
        : new Failure("platform.failed", $"Slipway could not bring it up: {e.Message}", "see the server's log; deploy again when that is mended");

    private async Task<Outcome<Deployment>> GoLiveAsync(Deployment d, StageClock clock, IBuildOutput output, CancellationToken ct)
    {
        // One that got the data and then not the production host is brought up again without it.
        for (var isAgain = false; ; isAgain = true)
        {
            if (isAgain) output.Say("production went to another meanwhile, so its data goes back", "route");
            if (await GoLiveAsync(d, isAgain, clock, output, ct) is { } outcome) return outcome;
        }
    }

    private async Task<Outcome<Deployment>?> GoLiveAsync(Deployment d, bool isAgain, StageClock clock, IBuildOutput output, CancellationToken ct)
    {
        await using var data = isAgain ? null : await handover.BeginAsync(d, token => pointer.IsForAsync(d, token), text => output.Say(text, "run"), ct);
        try
        {
            return await BringUpAsync(d, data, clock, output, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            data?.Leave();
            throw;
        }
    }

    /// <summary>Null: it has the data, and production is not its own.</summary>
    private async Task<Outcome<Deployment>?> BringUpAsync(Deployment d, DataTurn? data, StageClock clock, IBuildOutput output, CancellationToken ct)
    {
        output.Say("starting the instance", "run");
        var run = await clock.MeasureAsync(Stage.Run, () => RunAsync(d, output, ct));
        if (run.IsFailure(out var failure)) return failure;
        output.Say($"the instance answered with {run.Value}", "run");

        healthy.Add(d.Id);
        var route = await clock.MeasureAsync(Stage.Route, () => RouteAsync(d, output, ct));
        if (route.IsFailure(out failure)) return failure;
        if (data is not null && route.Value is null) return null;

        if (await deployments.ApplyAsync(d.Id, new WentLive(d.Attempt, clock.Taken()), ct) is not { } live)
        {
            if (route.Value is { } moved) await pointer.RestoreAsync(moved, ct);
            await routes.PublishAsync(ct);
            return new Failure("canceled", "the deployment ended while it was being routed");
        }

        await routes.PublishAsync(ct);
        if (data is not null) await data.CompleteAsync(ct);
        output.Say($"ready after {live.Timings.Total?.TotalSeconds:0.0} s", "route");
        return live;
    }

    private async Task<Outcome<int>> RunAsync(Deployment d, IBuildOutput output, CancellationToken ct)
    {
        var started = await start.StartAsync(d, text => output.Say(text, "run"), ct);
        return started.IsFailure(out var failure) ? failure with { Step = "run" } : await health.WaitAsync(d, ct);
    }

    /// <summary>Its preview host answers, then the production host where it is its to hold. The value says how the pointer moved.</summary>
    private async Task<Outcome<PointerMove?>> RouteAsync(Deployment d, IBuildOutput output, CancellationToken ct)
    {
        await routes.PublishAsync(ct);
        var check = await checks.OfAsync(d, ct);
        if (await AnswersAsync($"{d.PreviewLabel}.{options.Value.BaseDomain}", check, ct) is { } notPreview) return notPreview;
        if (await pointer.MoveAsync(d, ct) is not { } move)
        {
            if (await pointer.WhyPinnedAsync(d, ct) is { } pinned) output.Say(pinned, "route");
            return (PointerMove?)null;
        }

        await routes.PublishAsync(ct);
        if (await AnswersAsync($"{d.ProjectName}.{options.Value.BaseDomain}", check, ct) is not { } notProduction) return move;
        await pointer.RestoreAsync(move, ct);
        await routes.PublishAsync(ct);
        return notProduction;
    }

    private async Task<Failure?> AnswersAsync(string host, HealthCheck check, CancellationToken ct)
    {
        ProbeResult seen = new(null, false, null);
        for (var i = 0; i < 10; i++)
        {
            seen = await router.ProbeAsync(host, check.Path, check.Timeout, ct);
            if (seen is { FromApp: true, Status: { } status } && check.Expected.Includes(status)) return null;
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, ct);
        }

        // Says so by an exception when it is the edge itself that is away.
        if (seen.Status is null && await router.CurrentAsync(ct) is null) throw new RouterDownException($"the edge went away while it was asked for {host}");
        return new Failure("route.no_answer", $"the edge was asked for {host} and got {(seen.Status is { } s ? $"status {s}" : "no answer")}{(seen.Error is { } e ? $" ({e})" : "")}",
            "look at the instance's output with: slipway logs", "route");
    }

    private async Task FailAsync(Deployment d, Failure failure, StageClock clock, BuildLogWriter output, CancellationToken ct)
    {
        try
        {
            var lines = await runtime.OutputAsync(InstanceId.Of(d.Id), 50, ct);
            foreach (var line in lines) output.Line(BuildLogStream.Out, "run", line);
            if (failure.Code == "run.exited" && FailureClues.OfRun(lines) is { } clue) failure = failure with { Hint = clue };
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.OutputUnavailable(e, d.Id);
        }

        // Moved, and then something of ours failed for good: who had it before serves.
        await pointer.LeaveAsync(d, ct);
        output.Say($"failed: {failure.Message}{(failure.Hint is { } hint ? $" — {hint}" : "")}", failure.Step ?? "run");
        await output.DisposeAsync();
        await deployments.ApplyAsync(d.Id, new DeploymentFailed(d.Attempt, failure with { Step = failure.Step ?? clock.Current?.ToString().ToLowerInvariant() }, clock.Taken()), ct);
    }

    private async Task EndLogAsync(DeploymentId id)
    {
        if (await deployments.FindAsync(id, CancellationToken.None) is not { } d || d.State.IsFinal()) await buildLog.CompleteAsync(id, CancellationToken.None);
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "launching {Deployment} failed by our own fault")]
    public static partial void LaunchFailed(this ILogger log, Exception e, DeploymentId deployment);

    [LoggerMessage(LogLevel.Warning, "the output of {Deployment}'s instance could not be read")]
    public static partial void OutputUnavailable(this ILogger log, Exception e, DeploymentId deployment);
}
