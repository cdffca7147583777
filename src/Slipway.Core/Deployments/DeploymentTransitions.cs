using System.Diagnostics;

namespace Slipway.Core.Deployments;

/// <summary>
/// The state machine, whole: what an event does to a deployment, or null when it is refused
/// (a stale attempt, a duplicate, or too late). Pure; the store calls it inside its transaction.
/// </summary>
public static class DeploymentTransitions
{
    public static Deployment? Apply(Deployment d, DeploymentEvent happened, DateTimeOffset now) => happened switch
    {
        BuildStarted e when d.State is DeploymentState.Queued or DeploymentState.Building && e.Attempt > d.Attempt =>
            d with
            {
                State = DeploymentState.Building,
                Attempt = e.Attempt,
                StartedAt = now,
                Timings = new StageTimings { Queued = d.Timings.Queued ?? now - d.CreatedAt },
            },
        SourceFetched e when IsCurrent(d, e.Attempt, DeploymentState.Building) =>
            d with { Source = d.Source with { Commit = e.Commit ?? d.Source.Commit, CommitMessage = e.CommitMessage ?? d.Source.CommitMessage, Author = e.Author ?? d.Source.Author, Branch = e.Branch ?? d.Source.Branch } },
        BuildInterrupted e when IsCurrent(d, e.Attempt, DeploymentState.Building) => d with { State = DeploymentState.Queued },
        ImageShipped e when IsCurrent(d, e.Attempt, DeploymentState.Building) =>
            d with { State = DeploymentState.Deploying, Revision = e.Revision, Plan = e.Plan, ShippedAt = now, Timings = d.Timings.With(e.Timings) },
        WentLive e when IsCurrent(d, e.Attempt, DeploymentState.Deploying) => Finish(d, DeploymentState.Ready, e.Timings, now),
        DeploymentFailed e when e.Attempt == d.Attempt && d.State is DeploymentState.Queued or DeploymentState.Building or DeploymentState.Deploying =>
            Finish(d, DeploymentState.Error, e.Timings, now) with { Failure = e.Failure },
        CancelRequested when d.State is DeploymentState.Waiting or DeploymentState.Queued or DeploymentState.Building or DeploymentState.Deploying =>
            Finish(d, DeploymentState.Canceled, new(), now) with { Failure = new Failure("canceled", "the deployment was canceled") },
        Retired e when d.State is DeploymentState.Ready or DeploymentState.Error or DeploymentState.Canceled =>
            d with { State = DeploymentState.Ended, Ended = new Ending(now, e.Reason, e.Why) },
        CommandRun when d.State is DeploymentState.Deploying or DeploymentState.Ready => d,
        BuildStarted or SourceFetched or BuildInterrupted or ImageShipped or WentLive or DeploymentFailed or CancelRequested or Retired or CommandRun => null,
        _ => throw new UnreachableException(),
    };

    private static bool IsCurrent(Deployment d, int attempt, DeploymentState state) => d.State == state && d.Attempt == attempt;

    private static Deployment Finish(Deployment d, DeploymentState state, StageTimings timings, DateTimeOffset now) =>
        d with { State = state, FinishedAt = now, Timings = d.Timings.With(timings).With(new StageTimings { Total = now - d.CreatedAt }) };
}
