using Slipway.Core;
using Slipway.Core.Pipeline.Running;
using Slipway.Testing.Hosting;

namespace Slipway.Testing.Contracts;

/// <summary>Sleep and wake, of every runtime.</summary>
public abstract class ContainerSleepContract : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(1);

    protected abstract ContainerRuntimeHarness Harness { get; }

    protected IContainerRuntime Runtime => Harness.Runtime;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public abstract ValueTask InitializeAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Harness.DisposeAsync();
    }

    [Fact]
    public async Task Frozen_instance_keeps_its_life_and_a_start_thaws_it()
    {
        var (spec, running) = await ListeningAsync();

        await Runtime.SleepAsync(spec.Id, SleepDepth.Frozen, _grace, Ct);

        var frozen = Assert.Single(await Runtime.ListAsync(Ct));
        Assert.Equal((InstanceState.Frozen, running.Address, running.StartedAt), (frozen.State, frozen.Address, frozen.StartedAt));
        Assert.Equal(frozen.State, (await Runtime.InspectAsync(spec.Id, Ct))?.State);
        var thawed = await Runtime.StartAsync(spec, Ct);
        Assert.Equal((InstanceState.Running, running.Address, running.StartedAt), (thawed.State, thawed.Address, thawed.StartedAt));
        Assert.Equal(InstanceState.Running, Assert.Single(await Runtime.ListAsync(Ct)).State);
    }

    [Fact]
    public async Task Restart_of_our_process_finds_it_frozen()
    {
        var (spec, _) = await ListeningAsync();
        await Runtime.SleepAsync(spec.Id, SleepDepth.Frozen, _grace, Ct);

        Assert.Equal(InstanceState.Frozen, Assert.Single(await Harness.AfterRestart().ListAsync(Ct)).State);
        Assert.Equal(InstanceState.Running, (await Harness.AfterRestart().StartAsync(spec, Ct)).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopped_instance_is_kept_and_started_again(bool isFrozenFirst)
    {
        var (spec, running) = await ListeningAsync();
        if (isFrozenFirst) await Runtime.SleepAsync(spec.Id, SleepDepth.Frozen, _grace, Ct);

        await Runtime.SleepAsync(spec.Id, SleepDepth.Stopped, _grace, Ct);

        var stopped = Assert.Single(await Runtime.ListAsync(Ct));
        Assert.Equal((InstanceState.Exited, null), (stopped.State, stopped.Address));
        var again = await Runtime.StartAsync(spec, Ct);
        Assert.Equal(InstanceState.Running, again.State);
        Assert.NotEqual(running.StartedAt, again.StartedAt);
        await ListensAsync(spec.Id);
    }

    [Fact]
    public async Task Frozen_instance_can_be_removed()
    {
        var (spec, _) = await ListeningAsync();
        await Runtime.SleepAsync(spec.Id, SleepDepth.Frozen, _grace, Ct);

        await Runtime.RemoveAsync(spec.Id, _grace, Ct);

        Assert.Empty(await Runtime.ListAsync(Ct));
    }

    [Fact]
    public async Task Sleep_of_what_sleeps_has_ended_or_is_gone_changes_nothing()
    {
        var (spec, _) = await ListeningAsync();
        await Runtime.SleepAsync(spec.Id, SleepDepth.Frozen, _grace, Ct);
        await Runtime.SleepAsync(spec.Id, SleepDepth.Frozen, _grace, Ct);
        Assert.Equal(InstanceState.Frozen, (await Runtime.InspectAsync(spec.Id, Ct))?.State);

        await Runtime.SleepAsync(spec.Id, SleepDepth.Stopped, _grace, Ct);
        var stopped = await Runtime.InspectAsync(spec.Id, Ct);
        await Runtime.SleepAsync(spec.Id, SleepDepth.Frozen, _grace, Ct);
        await Runtime.SleepAsync(spec.Id, SleepDepth.Stopped, _grace, Ct);
        Assert.Equal(stopped, await Runtime.InspectAsync(spec.Id, Ct));

        await Runtime.SleepAsync(Harness.Spec(AppKind.Listens).Id, SleepDepth.Stopped, _grace, Ct);
    }

    [Fact]
    public async Task Another_home_puts_nothing_of_ours_to_sleep()
    {
        var (spec, running) = await ListeningAsync();

        await Harness.OtherHome.SleepAsync(spec.Id, SleepDepth.Frozen, _grace, Ct);
        await Harness.OtherHome.SleepAsync(spec.Id, SleepDepth.Stopped, _grace, Ct);

        Assert.Equal(running, Assert.Single(await Runtime.ListAsync(Ct)));
    }

    protected async Task<(InstanceSpec Spec, Instance Running)> ListeningAsync()
    {
        var spec = Harness.Spec(AppKind.Listens);
        var running = await Runtime.StartAsync(spec, Ct);
        await ListensAsync(spec.Id);
        return (spec, running);
    }

    private Task ListensAsync(InstanceId id) => Looking.UntilAsync(async () => (await Runtime.InspectAsync(id, Ct))?.ListeningPorts is [ContainerRuntimeHarness.Port] ? "listens" : null, _patience, $"{id} listening");
}
