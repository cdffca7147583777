using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Testing;

namespace Core.Tests.Routing;

public class SeenTests
{
    private const string Group = "docker/3f";
    private static readonly Deployment One = StoreSamples.Deployment(TimeProvider.System, StoreSamples.Project(TimeProvider.System)) with { State = DeploymentState.Ready };

    [Theory]
    [InlineData(InstanceState.Running, Group, false, SleepDepth.Awake, RouteKind.App, true, false)]
    // The edge wakes by itself what a cgroup holds, and leaves the rest to the control plane.
    [InlineData(InstanceState.Frozen, Group, true, SleepDepth.Awake, RouteKind.Asleep, true, true)]
    [InlineData(InstanceState.Frozen, Group, false, SleepDepth.Awake, RouteKind.Asleep, true, true)]
    [InlineData(InstanceState.Frozen, null, true, SleepDepth.Awake, RouteKind.Asleep, false, false)]
    [InlineData(InstanceState.Exited, null, true, SleepDepth.Awake, RouteKind.Asleep, false, false)]
    [InlineData(InstanceState.Exited, null, false, SleepDepth.Awake, RouteKind.Unavailable, false, false)]
    // The table says asleep before it is.
    [InlineData(InstanceState.Running, Group, true, SleepDepth.Frozen, RouteKind.Asleep, true, true)]
    [InlineData(InstanceState.Running, null, true, SleepDepth.Frozen, RouteKind.Asleep, false, false)]
    [InlineData(InstanceState.Running, Group, true, SleepDepth.Stopped, RouteKind.Asleep, false, false)]
    [InlineData(InstanceState.Frozen, Group, true, SleepDepth.Stopped, RouteKind.Asleep, false, false)]
    [InlineData(InstanceState.Exited, null, false, SleepDepth.Stopped, RouteKind.Asleep, false, false)]
    public void A_ready_one_is_routed_as_it_sleeps(InstanceState state, string? freezer, bool isAsleep, SleepDepth falling, RouteKind kind, bool hasAddress, bool hasFreezer)
    {
        var instance = new Instance(InstanceId.Of(One.Id), One.Id, "", state, state == InstanceState.Exited ? null : "10.0.0.2", 3000, null, null, null, false, Freezer: freezer);
        var route = new Seen([instance], new HashSet<DeploymentId>(), isAsleep ? new HashSet<DeploymentId> { One.Id } : [], falling == SleepDepth.Awake ? new Dictionary<DeploymentId, SleepDepth>() : new() { [One.Id] = falling }).Of(One);

        Assert.Equal((kind, hasAddress ? 1 : 0, hasFreezer ? Group : null), (route.Kind, route.Destinations.Count, route.Freezer));
    }

    [Fact]
    public void One_that_was_removed_is_no_sleeper()
    {
        Assert.Equal(RouteKind.Unavailable, new Seen([], new HashSet<DeploymentId>(), new HashSet<DeploymentId> { One.Id }, new Dictionary<DeploymentId, SleepDepth>()).Of(One).Kind);
    }
}
