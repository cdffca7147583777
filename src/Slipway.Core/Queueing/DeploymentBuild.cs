using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Core.Projects;

namespace Slipway.Core.Queueing;

/// <summary>One leased job from claim to report: claims the deployment, runs the pipeline, tells the store what came of it.</summary>
public sealed class DeploymentBuild(
    IDeploymentStore deployments, IProjectStore projects, IBuildLog buildLog, DeploymentPipeline pipeline,
    IOptions<PipelineOptions> options, TimeProvider time, ILogger<DeploymentBuild> log)
{
    public async Task<LeaseDecision> RunAsync(Lease lease, string worker, CancellationToken ct)
    {
        if (await ClaimAsync(lease, worker, ct) is not { } d) return new LeaseDecision.Complete();

        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watch = CancelWhenEndedAsync(d, cancel);
        var clock = new StageClock(time);
        var output = new BuildLogWriter(buildLog, d.Id, d.Attempt, time);
        var isShipped = false;
        try
        {
            if (d.Attempt > 1) output.Say($"attempt {d.Attempt}: the one before did not come to its end; building again");
            var outcome = await BuildAsync(d, clock, output, async result =>
            {
                await output.DisposeAsync();
                await deployments.ApplyAsync(d.Id, new ImageShipped(d.Attempt, result.Revision, result.Plan, result.Timings), CancellationToken.None);
                isShipped = true;
            }, cancel.Token);
            return outcome.IsFailure(out var failure) ? await FailAsync(d, failure, clock, output) : new LeaseDecision.Complete();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return await StoppedAsync(d, output, ct.IsCancellationRequested);
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
            return await FaultedAsync(d, lease, e, clock, output);
        }
        finally
        {
            await output.DisposeAsync();
            await cancel.CancelAsync();
            await watch;
            if (await deployments.FindAsync(d.Id, CancellationToken.None) is { State: DeploymentState.Error or DeploymentState.Canceled or DeploymentState.Ended })
            {
                await buildLog.CompleteAsync(d.Id, CancellationToken.None);
            }
        }
    }

    /// <summary>Null when somebody else has it, or it is over: the job is dropped.</summary>
    private async Task<Deployment?> ClaimAsync(Lease lease, string worker, CancellationToken ct)
    {
        if (await deployments.FindAsync(lease.Job.Deployment, ct) is not { } d) return null;
        var attempt = d.State == DeploymentState.Queued ? Math.Max(lease.Attempt, d.Attempt + 1) : lease.Attempt;
        return await deployments.ApplyAsync(d.Id, new BuildStarted(attempt, worker), ct);
    }

    private async Task<Outcome<PipelineResult>> BuildAsync(Deployment d, StageClock clock, IBuildOutput output, Func<PipelineResult, Task> shipped, CancellationToken ct)
    {
        var project = await projects.FindAsync(d.Project, ct);
        if (project is null) return new Failure("project.gone", "the project was removed while this deployment waited");
        var variables = ProjectEnvironment.For(ProjectEnvironment.TargetOf(d, project), await projects.EnvironmentAsync(d.Project, null, ct));
        var request = new PipelineRequest(d, project, new BuildVariables(variables, d.Environment, project.CacheKey));
        Directory.CreateDirectory(options.Value.WorkDirectory);
        return await pipeline.RunAsync(request, clock, output, source => deployments.ApplyAsync(d.Id,
            new SourceFetched(d.Attempt, source.Commit, source.CommitMessage, source.Author, source.Branch), ct), shipped, ct);
    }

    private async Task<LeaseDecision> FailAsync(Deployment d, Failure failure, StageClock clock, BuildLogWriter output)
    {
        failure = failure with { Step = failure.Step ?? clock.Current?.ToString().ToLowerInvariant() };
        output.Say($"failed: {failure.Message}{(failure.Hint is { } hint ? $" — {hint}" : "")}", failure.Step);
        await output.DisposeAsync();
        await deployments.ApplyAsync(d.Id, new DeploymentFailed(d.Attempt, failure, clock.Taken()), CancellationToken.None);
        return new LeaseDecision.Complete();
    }

    private async Task<LeaseDecision> StoppedAsync(Deployment d, BuildLogWriter output, bool byWorker)
    {
        if (!byWorker)
        {
            output.Say("canceled: the running step was stopped");
            return new LeaseDecision.Complete();
        }

        output.Say("interrupted: this worker is stopping; the build will be taken up again");
        await output.DisposeAsync();
        await deployments.ApplyAsync(d.Id, new BuildInterrupted(d.Attempt, "the worker stopped"), CancellationToken.None);
        return new LeaseDecision.Return(TimeSpan.Zero);
    }

    /// <summary>Our own fault: tried again after a while, then given up with a reason.</summary>
    private async Task<LeaseDecision> FaultedAsync(Deployment d, Lease lease, Exception e, StageClock clock, BuildLogWriter output)
    {
        var isRegistry = e is RegistryAwayException;
        var reason = isRegistry ? e.Message : $"{e.GetType().Name}: {e.Message}";
        if (RetryDecision.After(lease.Attempt) is RetryDecision.Again again)
        {
            output.Say($"{(isRegistry ? "" : "Slipway's own fault, ")}trying again in {again.Delay.TotalSeconds:0} s: {reason}");
            await output.DisposeAsync();
            await deployments.ApplyAsync(d.Id, new BuildInterrupted(d.Attempt, reason), CancellationToken.None);
            return new LeaseDecision.Return(again.Delay);
        }

        await FailAsync(d, isRegistry ? RegistryFailures.Away(reason) : new Failure("platform.failed", $"Slipway could not build it: {reason}", "see the server's log; deploy again when that is mended"), clock, output);
        return new LeaseDecision.Bury(reason);
    }

    private async Task CancelWhenEndedAsync(Deployment d, CancellationTokenSource cancel)
    {
        try
        {
            var changes = deployments.WatchAsync(cancel.Token);
            if (await deployments.FindAsync(d.Id, cancel.Token) is not { } now || now.State.IsFinal()) await cancel.CancelAsync();
            await foreach (var change in changes)
            {
                if (change.Id == d.Id && (change.State.IsFinal() || change.Attempt != d.Attempt)) await cancel.CancelAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The build is over; nothing to watch any more.
        }
    }
}
