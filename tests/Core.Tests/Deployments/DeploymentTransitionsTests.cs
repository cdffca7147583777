using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Testing;

namespace Core.Tests.Deployments;

public sealed class DeploymentTransitionsTests
{
    private static readonly DateTimeOffset Created = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Created.AddMinutes(1);

    // The states in which an event of the current attempt is accepted; everything else must be refused.
    // BuildStarted needs a higher attempt instead: tested below.
    private static readonly Dictionary<Type, Dictionary<DeploymentState, DeploymentState>> Accepted = new()
    {
        [typeof(BuildStarted)] = [],
        [typeof(SourceFetched)] = new() { [DeploymentState.Building] = DeploymentState.Building },
        [typeof(BuildInterrupted)] = new() { [DeploymentState.Building] = DeploymentState.Queued },
        [typeof(ImageShipped)] = new() { [DeploymentState.Building] = DeploymentState.Deploying },
        [typeof(WentLive)] = new() { [DeploymentState.Deploying] = DeploymentState.Ready },
        [typeof(DeploymentFailed)] = new()
        {
            [DeploymentState.Queued] = DeploymentState.Error,
            [DeploymentState.Building] = DeploymentState.Error,
            [DeploymentState.Deploying] = DeploymentState.Error,
        },
        [typeof(CancelRequested)] = new()
        {
            [DeploymentState.Waiting] = DeploymentState.Canceled,
            [DeploymentState.Queued] = DeploymentState.Canceled,
            [DeploymentState.Building] = DeploymentState.Canceled,
            [DeploymentState.Deploying] = DeploymentState.Canceled,
        },
        [typeof(Retired)] = new()
        {
            [DeploymentState.Ready] = DeploymentState.Ended,
            [DeploymentState.Error] = DeploymentState.Ended,
            [DeploymentState.Canceled] = DeploymentState.Ended,
        },
        [typeof(CommandRun)] = new() { [DeploymentState.Deploying] = DeploymentState.Deploying, [DeploymentState.Ready] = DeploymentState.Ready },
    };

    public static TheoryData<DeploymentState> States => [.. Enum.GetValues<DeploymentState>()];

    [Theory, MemberData(nameof(States))]
    public void Every_event_of_the_current_attempt_in_every_state(DeploymentState state)
    {
        foreach (var happened in StoreSamples.Events(3))
        {
            var after = DeploymentTransitions.Apply(In(state, attempt: 3), happened, Now);
            DeploymentState? expected = Accepted[happened.GetType()].TryGetValue(state, out var next) ? next : null;
            Assert.True(expected == after?.State, $"{happened.GetType().Name} in {state}: expected {expected}, was {after?.State}");
        }
    }

    [Theory, MemberData(nameof(States))]
    public void A_stale_or_a_future_attempt_changes_nothing(DeploymentState state)
    {
        foreach (var happened in new[] { 2, 4 }.SelectMany(StoreSamples.Events).Where(e => e is not (BuildStarted or CancelRequested or Retired or CommandRun)))
        {
            Assert.Null(DeploymentTransitions.Apply(In(state, attempt: 3), happened, Now));
        }
    }

    [Theory, MemberData(nameof(States))]
    public void A_claim_needs_a_higher_attempt(DeploymentState state)
    {
        var mayBeClaimed = state is DeploymentState.Queued or DeploymentState.Building;
        foreach (var attempt in new[] { 0, 2, 3 }) Assert.Null(DeploymentTransitions.Apply(In(state, 3), new BuildStarted(attempt, "w"), Now));
        foreach (var attempt in new[] { 4, 9 })
        {
            var claimed = DeploymentTransitions.Apply(In(state, 3), new BuildStarted(attempt, "w"), Now);
            (DeploymentState, int)? expected = mayBeClaimed ? (DeploymentState.Building, attempt) : null;
            (DeploymentState, int)? actual = claimed is null ? null : (claimed.State, claimed.Attempt);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void A_claim_starts_the_timings_anew_but_keeps_how_long_it_was_queued_first()
    {
        var first = Apply(In(DeploymentState.Queued, 0), new BuildStarted(1, "w"), Now);
        Assert.Equal((TimeSpan.FromMinutes(1), Now), (first.Timings.Queued, first.StartedAt));
        var again = Apply(first with { Timings = first.Timings with { Build = TimeSpan.FromSeconds(9) } }, new BuildStarted(2, "v"), Now.AddMinutes(5));
        Assert.Equal(new StageTimings { Queued = TimeSpan.FromMinutes(1) }, again.Timings);
    }

    [Fact]
    public void The_whole_way_to_ready_collects_what_each_stage_knew()
    {
        var d = In(DeploymentState.Queued, 0);
        foreach (var step in StoreSamples.PathTo(DeploymentState.Building)) d = Apply(d, step, Now);
        d = Apply(d, new SourceFetched(1, "c0ffee", "Fix the cart", null, null), Now);
        d = Apply(d, new ImageShipped(1, StoreSamples.Revision, StoreSamples.Plan, new StageTimings { Build = TimeSpan.FromSeconds(9) }), Now.AddSeconds(10));
        d = Apply(d, new WentLive(1, new StageTimings { Route = TimeSpan.FromSeconds(1) }), Now.AddSeconds(12));

        Assert.Equal((DeploymentState.Ready, "c0ffee", "Fix the cart"), (d.State, d.Source.Commit, d.Source.CommitMessage));
        Assert.Equal((StoreSamples.Revision, StoreSamples.Plan), (d.Revision, d.Plan));
        Assert.Equal((Now.AddSeconds(10), Now.AddSeconds(12)), (d.ShippedAt, d.FinishedAt));
        Assert.Equal(
            new StageTimings { Queued = TimeSpan.FromMinutes(1), Build = TimeSpan.FromSeconds(9), Route = TimeSpan.FromSeconds(1), Total = TimeSpan.FromSeconds(72) },
            d.Timings);
    }

    [Fact]
    public void A_failure_and_a_cancel_say_why_and_when()
    {
        var failure = new Failure("build.step_failed", "npm ci ended with 1");
        var failed = Apply(In(DeploymentState.Building, 1), new DeploymentFailed(1, failure, new StageTimings { Build = TimeSpan.FromSeconds(3) }), Now);
        Assert.Equal((failure, Now, TimeSpan.FromMinutes(1)), (failed.Failure, failed.FinishedAt, failed.Timings.Total));
        var canceled = Apply(In(DeploymentState.Building, 1), new CancelRequested("ada"), Now);
        Assert.Equal(("canceled", Now), (canceled.Failure?.Code, canceled.FinishedAt));
    }

    [Fact]
    public void No_order_of_events_leaves_a_final_state_but_by_retirement()
    {
        var random = new Random(4711);
        for (var run = 0; run < 500; run++)
        {
            var d = In(DeploymentState.Queued, 0);
            for (var step = 0; step < 30; step++)
            {
                var events = StoreSamples.Events(random.Next(0, 4));
                var happened = events[random.Next(events.Count)];
                if (DeploymentTransitions.Apply(d, happened, Now) is not { } next) continue;
                Assert.True(next.Attempt >= d.Attempt);
                if (d.State.IsFinal() && happened is not CommandRun) Assert.Equal(DeploymentState.Ended, next.State);
                d = next;
            }
        }
    }

    internal static Deployment In(DeploymentState state, int attempt)
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Created);
        return StoreSamples.Deployment(time, StoreSamples.Project(time)) with { State = state, Attempt = attempt };
    }

    private static Deployment Apply(Deployment d, DeploymentEvent happened, DateTimeOffset now) =>
        DeploymentTransitions.Apply(d, happened, now) ?? throw new InvalidOperationException($"{happened} was refused in {d.State}");
}
