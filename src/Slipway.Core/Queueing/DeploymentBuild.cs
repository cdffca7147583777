using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Shipping;

namespace Slipway.Core.Queueing;

/// <summary>One leased job from claim to report: claims the deployment, runs the pipeline, tells the control plane what came of it.</summary>
public sealed class DeploymentBuild(
    IBuildClaims claims, IBuildLogSink buildLog, DeploymentPipeline pipeline,
    IOptions<PipelineOptions> options, TimeProvider time, ILogger<DeploymentBuild> log)
{
    public async Task<LeaseDecision> RunAsync(Lease lease, string worker, CancellationToken ct)
    {
        if (await claims.ClaimAsync(lease, worker, ct) is not { } build) return new LeaseDecision.Complete();

        var d = build.Deployment;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watch = CancelWhenUnwantedAsync(build, cancel);
        var clock = new StageClock(time);
        var output = new BuildLogWriter(buildLog, d.Id, d.Attempt, time);
        var isShipped = false;
        try
        {
            if (d.Attempt > 1) output.Say($"attempt {d.Attempt}: the one before did not come to its end; building again");
            if (RetryDecision.IsPoison(lease.Attempt)) return await PoisonAsync(build, lease, clock, output);
            var outcome = await BuildAsync(build, clock, output, async result =>
            {
                await output.DisposeAsync();
                await claims.ReportAsync(build, new ImageShipped(d.Attempt, result.Revision, result.Plan, result.Timings), CancellationToken.None);
                isShipped = true;
            }, cancel.Token);
            return outcome.IsFailure(out var failure) ? await FailAsync(build, failure, clock, output) : new LeaseDecision.Complete();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return await StoppedAsync(build, output, byWorker: ct.IsCancellationRequested, isElsewhere: await watch);
        }
        catch (Exception e) when (isShipped)
        {
            // The source's copy could not be deleted; the next start wipes it. What was shipped is not the worker's any more.
            log.BuildFaulted(e, d.Id, d.Attempt);
            return new LeaseDecision.Complete();
        }
        catch (Exception e)
        {
            log.BuildFaulted(e, d.Id, d.Attempt);
            return await FaultedAsync(build, lease, e, clock, output);
        }
        finally
        {
            await output.DisposeAsync();
            await cancel.CancelAsync();
            await watch;
            await claims.CloseAsync(build, CancellationToken.None);
        }
    }

    private async Task<Outcome<PipelineResult>> BuildAsync(ClaimedBuild build, StageClock clock, IBuildOutput output, Func<PipelineResult, Task> shipped, CancellationToken ct)
    {
        var d = build.Deployment;
        if (build.Project is not { } project) return new Failure("project.gone", "the project was removed while this deployment waited");
        var work = Path.Combine(options.Value.WorkDirectory, d.Id.ToString());
        Wipe(work);
        Directory.CreateDirectory(work);
        try
        {
            var request = new PipelineRequest(d, project, new BuildVariables(build.Variables, d.Environment, project.CacheKey), work);
            return await pipeline.RunAsync(request, clock, output, source => claims.ReportAsync(build,
                new SourceFetched(d.Attempt, source.Commit, source.CommitMessage, source.Author, source.Branch), ct), shipped, ct);
        }
        finally
        {
            Wipe(work);
        }
    }

    /// <summary>An attempt before this one may have left files.</summary>
    private static void Wipe(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private async Task<LeaseDecision> FailAsync(ClaimedBuild build, Failure failure, StageClock clock, BuildLogWriter output)
    {
        failure = failure with { Step = failure.Step ?? clock.Current?.ToString().ToLowerInvariant() };
        output.Say($"failed: {failure.Message}{(failure.Hint is { } hint ? $" — {hint}" : "")}", failure.Step);
        await output.DisposeAsync();
        await claims.ReportAsync(build, new DeploymentFailed(build.Deployment.Attempt, failure, clock.Taken()), CancellationToken.None);
        return new LeaseDecision.Complete();
    }

    /// <summary>Whoever takes it does not come back: it is built no more, before it has ended every worker.</summary>
    private async Task<LeaseDecision> PoisonAsync(ClaimedBuild build, Lease lease, StageClock clock, BuildLogWriter output)
    {
        var reason = $"it was given out {lease.Attempt - 1} times and no worker came back with an answer";
        await FailAsync(build, new Failure("platform.failed", $"Slipway could not build it: {reason}", "see the workers' logs for what ended them; deploy again when that is mended"), clock, output);
        return new LeaseDecision.Bury(reason);
    }

    private async Task<LeaseDecision> StoppedAsync(ClaimedBuild build, BuildLogWriter output, bool byWorker, bool isElsewhere)
    {
        if (!byWorker)
        {
            output.Say(isElsewhere ? $"attempt {build.Deployment.Attempt} was stopped: another worker has taken the build up" : "canceled: the running step was stopped");
            return new LeaseDecision.Complete();
        }

        output.Say("interrupted: this worker is stopping or lost its hold on the job; the build will be taken up again");
        await output.DisposeAsync();
        await claims.ReportAsync(build, new BuildInterrupted(build.Deployment.Attempt, "the worker stopped"), CancellationToken.None);
        return new LeaseDecision.Return(TimeSpan.Zero);
    }

    /// <summary>Our own fault: tried again after a while, then given up with a reason.</summary>
    private async Task<LeaseDecision> FaultedAsync(ClaimedBuild build, Lease lease, Exception e, StageClock clock, BuildLogWriter output)
    {
        var isRegistry = e is RegistryAwayException;
        var reason = isRegistry ? e.Message : $"{e.GetType().Name}: {e.Message}";
        if (RetryDecision.After(lease.Attempt) is RetryDecision.Again again)
        {
            output.Say($"{(isRegistry ? "" : "Slipway's own fault, ")}trying again in {again.Delay.TotalSeconds:0} s: {reason}");
            await output.DisposeAsync();
            await claims.ReportAsync(build, new BuildInterrupted(build.Deployment.Attempt, reason), CancellationToken.None);
            return new LeaseDecision.Return(again.Delay);
        }

        await FailAsync(build, isRegistry ? RegistryFailures.Away(reason) : new Failure("platform.failed", $"Slipway could not build it: {reason}", "see the server's log; deploy again when that is mended"), clock, output);
        return new LeaseDecision.Bury(reason);
    }

    /// <returns>Whether another attempt has taken its place.</returns>
    private async Task<bool> CancelWhenUnwantedAsync(ClaimedBuild build, CancellationTokenSource cancel)
    {
        try
        {
            var isElsewhere = await claims.UntilUnwantedAsync(build, cancel.Token);
            await cancel.CancelAsync();
            return isElsewhere;
        }
        catch (OperationCanceledException)
        {
            // The build is over; nothing to watch any more.
            return false;
        }
    }
}
