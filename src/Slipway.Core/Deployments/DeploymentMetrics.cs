using System.Diagnostics.Metrics;
using Slipway.Core.Metrics;

namespace Slipway.Core.Deployments;

/// <summary>What is counted at the one door that changes deployments; so it is complete wherever they are built.</summary>
public sealed class DeploymentMetrics
{
    private readonly Counter<long> _transitions;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _wait;
    private readonly Histogram<double> _build;
    private readonly Histogram<double> _stage;
    private readonly Histogram<double> _whole;

    public DeploymentMetrics(IMeterFactory meters)
    {
        var meter = meters.CreateSlipway();
        _transitions = meter.CreateCounter<long>("slipway.deployment.transitions", "{transition}", "Changes of state, by from and to; a new deployment comes from none.");
        _failures = meter.CreateCounter<long>("slipway.deployment.failures", "{deployment}", "Deployments that failed, by code and by fault: user or platform.");
        _wait = Duration(meter, "slipway.queue.wait", "From the request to the first attempt to build.");
        _build = Duration(meter, "slipway.build.duration", "One attempt to build, by outcome: shipped, failed, canceled or interrupted.");
        _stage = Duration(meter, "slipway.stage.duration", "One stage, by stage: fetch, plan, build, seal, run or route.");
        _whole = Duration(meter, "slipway.deployment.duration", "From the request to its end, by outcome: ready, error or canceled.");
    }

    public void Created(Deployment d) => Move("none", d.State);

    public void Changed(Deployment before, DeploymentEvent happened, Deployment after, DateTimeOffset now)
    {
        if (before.State != after.State) Move(before.State.ToWire(), after.State);
        if (happened is BuildStarted && before.Timings.Queued is null && after.Timings.Queued is { } wait) _wait.Record(wait.TotalSeconds);
        if (before.State == DeploymentState.Building && OutcomeOf(happened) is { } outcome && before.StartedAt is { } began) _build.Record((now - began).TotalSeconds, Tag("outcome", outcome));
        if (happened is DeploymentFailed { Failure.Code: var code }) _failures.Add(1, Tag("code", code), Tag("fault", FailureFault.Of(code)));
        if (TimingsOf(happened) is { } timings) Stages(timings);
        if (!before.State.IsFinal() && after is { FinishedAt: { } end }) _whole.Record((end - after.CreatedAt).TotalSeconds, Tag("outcome", after.State.ToWire()));
    }

    private void Move(string from, DeploymentState to) => _transitions.Add(1, Tag("from", from), Tag("to", to.ToWire()));

    private void Stages(StageTimings t)
    {
        foreach (var (stage, taken) in new[] { ("fetch", t.Fetch), ("plan", t.Plan), ("build", t.Build), ("seal", t.Seal), ("run", t.Run), ("route", t.Route) })
        {
            if (taken is { } time) _stage.Record(time.TotalSeconds, Tag("stage", stage));
        }
    }

    private static string? OutcomeOf(DeploymentEvent happened) => happened switch
    {
        ImageShipped => "shipped",
        DeploymentFailed => "failed",
        BuildInterrupted => "interrupted",
        CancelRequested => "canceled",
        _ => null,
    };

    private static StageTimings? TimingsOf(DeploymentEvent happened) => happened switch
    {
        ImageShipped e => e.Timings,
        WentLive e => e.Timings,
        DeploymentFailed e => e.Timings,
        _ => null,
    };

    private static Histogram<double> Duration(Meter meter, string name, string meaning) => meter.CreateHistogram(name, "s", meaning, tags: null, SlipwayMeter.Durations);

    private static KeyValuePair<string, object?> Tag(string name, string value) => KeyValuePair.Create<string, object?>(name, value);
}
