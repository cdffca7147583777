using Slipway.Core;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;

namespace Core.Tests.Pipeline;

public class DeploymentFiguresTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeploymentId Id = StrongId.New<DeploymentId>(TimeProvider.System);
    private static readonly Instance Running = new(InstanceId.Of(Id), Id, "app", InstanceState.Running, "10.0.0.1", 3000, Noon, null, null, false);

    [Fact]
    public void Quantiles_are_spread_within_their_bucket()
    {
        // A hundred of at most 5 ms, a hundred of 10 to 25 ms.
        var traffic = Traffic(100, 0, 100);
        Assert.Equal(0.0025, traffic.Quantile(0.25) ?? 0, 6);
        Assert.Equal(0.005, traffic.Quantile(0.5) ?? 0, 6);
        Assert.Equal(0.0175, traffic.Quantile(0.75) ?? 0, 6);
        Assert.Equal(0.025, traffic.Quantile(1) ?? 0, 6);
        Assert.Null(Traffic().Quantile(0.5));
        Assert.Equal(30, new DeploymentTraffic(Id, new long[6], [.. new long[12], 5], 500).Quantile(0.5));
    }

    [Fact]
    public void Rates_are_of_the_last_minutes_and_a_restart_of_the_edge_or_the_app_makes_none_negative()
    {
        DeploymentSample[] before = [Sample(0, 1, Traffic(900)), Sample(400, 10, Traffic(1_000)), Sample(640, 20, Traffic(1_300))];
        var now = DeploymentFigures.Of(Running, Sample(650, 25, Traffic(1_500, 100)), before, RestartFacts.None);
        Assert.Equal((0.5, 250d), (now.CpuCores ?? 0, now.Window.TotalSeconds));
        Assert.Equal((600, 1_600), (now.Recent?.Answers, now.Total?.Answers));

        var anew = DeploymentFigures.Of(Running, Sample(650, 2, Traffic(7)), before, RestartFacts.None);
        Assert.Equal((null, 7L), (anew.CpuCores, anew.Recent?.Answers));
        var first = DeploymentFigures.Of(Running, Sample(650, 2, Traffic(7)), [], RestartFacts.None);
        Assert.Equal((null, null, TimeSpan.Zero), (first.CpuCores, first.Recent, first.Window));
    }

    [Fact]
    public void Restarts_are_counted_with_how_it_ended_last()
    {
        var killed = Running with { State = InstanceState.Exited, ExitCode = 137, WasOutOfMemory = true };
        var facts = RestartFacts.None.And(killed).And(killed with { ExitCode = 1, WasOutOfMemory = false });
        Assert.Equal((2, 1, 1), (facts.Count, facts.OutOfMemory, facts.Last?.ExitCode));
        Assert.Null(facts.And(null).Last);
    }

    private static DeploymentSample Sample(int second, double cpu, DeploymentTraffic traffic) => new(Noon.AddSeconds(second), new InstanceUsage(Noon.AddSeconds(second), cpu, 1 << 20, null, null, null), traffic);

    private static DeploymentTraffic Traffic(params long[] byTime) => new(Id, [0, byTime.Sum(), 0, 0, 0, 0], [.. byTime, .. new long[13 - byTime.Length]], 0);
}
