using Slipway.Core;
using Slipway.Core.Hosting;

namespace Slipway.Testing.Contracts;

/// <summary>What every machine under the builds must do. Its steps are small: a hungry one takes some hundred megabytes at most.</summary>
public abstract class BuildMachineContract : IAsyncLifetime
{
    protected static readonly StepLimits Limits = new(64 << 20, 32, 25, 1L << 30);

    protected abstract IBuildMachine Machine { get; }

    protected abstract EngineLayout Engine { get; }

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Runs one step of that build (null: of somebody else's) that runs into a limit, to its end.</summary>
    /// <returns>Whether the limit stopped it.</returns>
    protected abstract Task<bool> RunStepAsync(DeploymentId? build, StepLimit into, string command);

    /// <summary>Runs one step of that build whose children write so many bytes to a disk, to its end.</summary>
    protected abstract Task WriteInStepAsync(DeploymentId build, long bytes);

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public void The_machine_has_memory_and_says_how_much_is_left()
    {
        var memory = Machine.Memory();
        Assert.InRange(memory.Available, 1, memory.Total);
    }

    [Fact]
    public void Holding_the_same_again_changes_nothing_and_the_disk_is_seen_from_then_on()
    {
        var first = Machine.Hold(Engine, Limits);
        Assert.Equal(new StepLimitStatus.Held(Limits), first);
        Assert.Equal(first, Machine.Hold(Engine, Limits));
        Assert.Equal(first, Machine.Status);
        Assert.True(Machine.FreeBytes() > 0);
        Assert.True(Machine.Files() is null or { Free: > 0, Total: > 0, IsShort: false });
    }

    [Theory]
    [InlineData(StepLimit.Memory)]
    [InlineData(StepLimit.Processes)]
    public async Task A_step_that_runs_into_a_limit_is_stopped_and_told_of_its_own_build_only(StepLimit limit)
    {
        Machine.Hold(Engine, Limits);
        var (one, two) = (StrongId.New<DeploymentId>(TimeProvider.System), StrongId.New<DeploymentId>(TimeProvider.System));
        using var held = Machine.Begin(one);
        using var other = Machine.Begin(two);
        Assert.True(await RunStepAsync(one, limit, "eat everything"));
        await UntilAsync(() => held.Hits.Count > 0);
        Assert.Equal([new StepHit(limit, "eat everything")], held.Hits);
        Assert.Empty(other.Hits);
    }

    [Fact]
    public async Task A_step_of_somebody_else_is_left_alone()
    {
        Machine.Hold(Engine, Limits);
        using var held = Machine.Begin(StrongId.New<DeploymentId>(TimeProvider.System));
        Assert.False(await RunStepAsync(null, StepLimit.Memory, "eat everything"));
        Assert.False(await RunStepAsync(StrongId.New<DeploymentId>(TimeProvider.System), StepLimit.Memory, "eat everything"));
        Assert.Empty(held.Hits);
    }

    [Fact]
    public async Task What_the_steps_of_a_build_wrote_is_counted_for_it_alone_and_kept_when_they_have_ended()
    {
        Machine.Hold(Engine, Limits);
        var (one, two) = (StrongId.New<DeploymentId>(TimeProvider.System), StrongId.New<DeploymentId>(TimeProvider.System));
        using var writing = Machine.Begin(one);
        using var other = Machine.Begin(two);
        Assert.Equal(0, writing.CountWritten());
        await WriteInStepAsync(one, 20_000_000);
        Assert.InRange(writing.CountWritten() ?? 0, 20_000_000, 22_000_000);
        await WriteInStepAsync(one, 10_000_000);
        Assert.InRange(writing.CountWritten() ?? 0, 30_000_000, 33_000_000);
        Assert.Equal(0, other.CountWritten());
    }

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (!isTrue()) await timer.WaitForNextTickAsync(limit.Token);
    }
}
