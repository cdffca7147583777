using System.Diagnostics;
using System.Net;
using Slipway.Contract.Tests.Engine;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Running;
using Slipway.Host.Cgroups;
using Slipway.Testing.Contracts;

namespace Slipway.Contract.Tests.Running;

public sealed class InMemoryContainerSleepTests : ContainerSleepContract
{
    protected override ContainerRuntimeHarness Harness { get; } = new InMemoryRuntimeHarness();

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;
}

/// <summary>By the engine's API, as where Slipway is not root.</summary>
[Trait("needs", "engine")]
public sealed class PausingContainerSleepTests(TestEngine engine) : ContainerSleepContract, IClassFixture<TestEngine>
{
    private DockerRuntimeHarness? _harness;

    protected override ContainerRuntimeHarness Harness => _harness ?? throw new InvalidOperationException("not begun");

    public override async ValueTask InitializeAsync() => _harness = await DockerRuntimeHarness.CreateAsync(engine, new NoFreezer());

    [Fact]
    public async Task Edge_is_told_of_no_cgroup_that_it_could_thaw()
    {
        var (spec, _) = await ListeningAsync();
        await Runtime.SleepAsync(spec.Id, SleepDepth.Frozen, TimeSpan.Zero, Ct);
        Assert.Null((await Runtime.InspectAsync(spec.Id, Ct))?.Freezer);
    }

    private sealed class NoFreezer : IFreezer
    {
        public string? Find(long process, string container) => null;

        public bool IsFrozen(string group) => false;

        public Task<bool> FreezeAsync(string group, CancellationToken ct) => Task.FromResult(false);

        public bool Thaw(string group) => false;
    }
}

/// <summary>By the container's cgroup.</summary>
[Trait("needs", "engine")]
public sealed class FreezingContainerSleepTests(TestEngine engine, ITestOutputHelper output) : ContainerSleepContract, IClassFixture<TestEngine>
{
    private readonly CgroupFreezer _freezer = new(CgroupTree.OfHost, TimeProvider.System);
    private DockerRuntimeHarness? _harness;

    protected override ContainerRuntimeHarness Harness => _harness ?? throw new InvalidOperationException("not begun");

    public override async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true" || Environment.IsPrivilegedProcess, "Needs root.");
        _harness = await DockerRuntimeHarness.CreateAsync(engine);
    }

    [Fact]
    public async Task Request_to_a_frozen_one_is_late_and_not_lost()
    {
        var (spec, running) = await ListeningAsync();
        Assert.NotNull(running.Freezer);
        await Runtime.SleepAsync(spec.Id, SleepDepth.Frozen, TimeSpan.Zero, Ct);
        using var http = new HttpClient();

        var asked = http.GetAsync(new Uri($"http://{running.Address}:{running.Port}/"), Ct);
        await Assert.ThrowsAsync<TimeoutException>(() => asked.WaitAsync(TimeSpan.FromMilliseconds(300), Ct));
        var clock = Stopwatch.StartNew();
        Assert.True(_freezer.Thaw(running.Freezer));

        using var answer = await asked;
        output.WriteLine($"answered {clock.Elapsed.TotalMilliseconds:0.0} ms after the thaw began");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(InstanceState.Running, (await Runtime.InspectAsync(spec.Id, Ct))?.State);
    }

    [Fact]
    public async Task One_that_somebody_paused_wakes_too()
    {
        var (spec, running) = await ListeningAsync();
        await engine.Client.Containers.PauseContainerAsync(new HomeNames(_harness?.Home ?? "").Container(spec.Id), Ct);

        // What the engine holds the engine must let go: the cgroup alone would leave it believing that it is held.
        Assert.Equal((InstanceState.Frozen, null), (await Runtime.InspectAsync(spec.Id, Ct)) is { } seen ? (seen.State, seen.Freezer) : default);
        Assert.Equal(running with { ListeningPorts = null }, await Runtime.StartAsync(spec, Ct));
    }

    [Fact]
    public async Task Cgroup_of_a_container_that_is_gone_is_no_cgroup()
    {
        var (spec, running) = await ListeningAsync();
        await Runtime.RemoveAsync(spec.Id, TimeSpan.Zero, Ct);

        Assert.NotNull(running.Freezer);
        Assert.False(_freezer.Thaw(running.Freezer));
        Assert.False(await _freezer.FreezeAsync(running.Freezer, Ct));
        Assert.False(_freezer.IsFrozen(running.Freezer));
    }

    [Fact]
    public void Our_own_process_is_no_container() => Assert.Null(_freezer.Find(Environment.ProcessId, new string('a', 64)));
}
