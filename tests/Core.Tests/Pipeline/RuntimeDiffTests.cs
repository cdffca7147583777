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
        Assert.Empty(RuntimeDiff.Compute([], new HashSet<DeploymentId> { One }, [Seen(InstanceState.Exited)], new Dictionary<DeploymentId, RestartHistory>(), Now));
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
        Assert.Equal(starts, RuntimeDiff.Compute([One], new HashSet<DeploymentId>(), [Seen(InstanceState.Exited)], history, Now).Count == 1);
    }

    private static IReadOnlyList<RuntimeAction> Compute(DeploymentId[] wanted, Instance[] observed) =>
        RuntimeDiff.Compute(wanted, new HashSet<DeploymentId>(), observed, new Dictionary<DeploymentId, RestartHistory>(), Now);

    private static Instance Seen(InstanceState state) => new(InstanceId.Of(One), One, "sha256:1", state, "10.0.0.2", 3000, Now, null, null, false);
}
