using Slipway.Core;
using Slipway.Core.Pipeline.Running;

namespace Core.Tests.Pipeline;

public class RuntimeDiffTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeploymentId One = new(Guid.Parse("11111111-0000-7000-8000-000000000001"));

    [Fact]
    public void What_is_missing_is_started_and_what_nothing_wants_is_removed()
    {
        Assert.Equal([new RuntimeAction.Start(One)], Compute([One], []));
        Assert.Equal([new RuntimeAction.Remove(InstanceId.Of(One))], Compute([], [Seen(InstanceState.Running)]));
        Assert.Empty(Compute([One], [Seen(InstanceState.Running)]));
        Assert.Empty(Compute([], []));
    }

    [Fact]
    public void A_launcher_s_instance_is_left_to_it()
    {
        Assert.Empty(RuntimeDiff.Compute([], new HashSet<DeploymentId> { One }, [Seen(InstanceState.Exited)], new Dictionary<DeploymentId, RestartHistory>(), new HashSet<DeploymentId>(), Now));
    }

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(2, 0.5, false)]
    [InlineData(2, 1, true)]
    [InlineData(5, 7, false)]
    [InlineData(5, 8, true)]
    [InlineData(50, 59, false)]
    [InlineData(50, 60, true)]
    public void A_crash_loop_waits_longer_each_time_and_a_minute_at_most(int restarts, double secondsAgo, bool starts)
    {
        var history = new Dictionary<DeploymentId, RestartHistory> { [One] = new(restarts, Now - TimeSpan.FromSeconds(secondsAgo)) };
        Assert.Equal(starts, RuntimeDiff.Compute([One], new HashSet<DeploymentId>(), [Seen(InstanceState.Exited)], history, new HashSet<DeploymentId>(), Now).Count == 1);
    }

    [Theory]
    [InlineData(InstanceState.Frozen, true, false)]
    [InlineData(InstanceState.Exited, true, false)]
    [InlineData(InstanceState.Frozen, false, true)]
    [InlineData(InstanceState.Exited, false, true)]
    [InlineData(InstanceState.Running, false, false)]
    public void What_may_sleep_sleeps_on(InstanceState state, bool isAsleep, bool starts)
    {
        var asleep = isAsleep ? new HashSet<DeploymentId> { One } : [];
        Assert.Equal(starts ? [new RuntimeAction.Start(One)] : [], RuntimeDiff.Compute([One], new HashSet<DeploymentId>(), [Seen(state)], new Dictionary<DeploymentId, RestartHistory>(), asleep, Now));
    }

    [Fact]
    public void One_that_is_gone_is_made_again_asleep_or_not()
    {
        Assert.Equal([new RuntimeAction.Start(One)], RuntimeDiff.Compute([One], new HashSet<DeploymentId>(), [], new Dictionary<DeploymentId, RestartHistory>(), new HashSet<DeploymentId> { One }, Now));
    }

    [Fact]
    public void A_frozen_one_is_woken_whatever_failed_before()
    {
        var history = new Dictionary<DeploymentId, RestartHistory> { [One] = new(50, Now) };
        Assert.Single(RuntimeDiff.Compute([One], new HashSet<DeploymentId>(), [Seen(InstanceState.Frozen)], history, new HashSet<DeploymentId>(), Now));
    }

    private static IReadOnlyList<RuntimeAction> Compute(DeploymentId[] wanted, Instance[] observed) =>
        RuntimeDiff.Compute(wanted, new HashSet<DeploymentId>(), observed, new Dictionary<DeploymentId, RestartHistory>(), new HashSet<DeploymentId>(), Now);

    private static Instance Seen(InstanceState state) => new(InstanceId.Of(One), One, "sha256:1", state, "10.0.0.2", 3000, Now, null, null, false);
}
