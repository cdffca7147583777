using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Hosting;
using Slipway.Testing.InMemory;

namespace Core.Tests.Pipeline;

/// <summary>What ends a build early, each with its own code.</summary>
public class BoundedBuildTests
{
    private const string File = "FROM scratch\nRUN work\n";
    private static readonly Failure Killed = new("build.step_failed", "RUN work failed with exit code 1", Step: "[2/2] RUN work", ExitCode: 1);

    [Fact]
    public async Task A_step_that_ran_out_of_memory_is_named_with_the_limit()
    {
        await using var machine = Machine(new ScriptedBuild("2/2") { FailsWith = Killed });
        machine.RunsInto = new StepHit(StepLimit.Memory, "work");
        var d = await BuildAsync(machine);
        Assert.Equal("build.out_of_memory", d.Failure?.Code);
        Assert.Equal("step [2/2] RUN work ran out of memory, limit 4 GiB", d.Failure?.Message);
        Assert.Contains("MemoryMegabytes", d.Failure?.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_small_machine_the_limit_is_half_of_it_and_the_hint_says_what_would_help()
    {
        await using var machine = Machine(new ScriptedBuild("2/2") { FailsWith = Killed });
        machine.Machine.Has = new MachineMemory(1L << 30, 700 << 20, 0);
        machine.RunsInto = new StepHit(StepLimit.Memory, "work");
        var d = await BuildAsync(machine);
        Assert.Contains("limit 512 MiB", d.Failure?.Message, StringComparison.Ordinal);
        Assert.Contains("swap", d.Failure?.Hint, StringComparison.Ordinal);
        Assert.Contains("--max-old-space-size=384", d.Failure?.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_that_another_step_ran_into_and_survived_is_not_blamed()
    {
        await using var machine = Machine(new ScriptedBuild("2/2") { FailsWith = Killed });
        machine.RunsInto = new StepHit(StepLimit.Memory, "something else");
        Assert.Equal("build.step_failed", (await BuildAsync(machine)).Failure?.Code);
    }

    [Fact]
    public async Task A_step_that_wanted_too_many_processes_is_told_so()
    {
        await using var machine = Machine(new ScriptedBuild("2/2") { FailsWith = Killed });
        machine.RunsInto = new StepHit(StepLimit.Processes, "work");
        Assert.Equal("build.too_many_processes", (await BuildAsync(machine)).Failure?.Code);
    }

    [Fact]
    public async Task A_build_that_prints_without_end_is_stopped_and_its_first_lines_are_kept()
    {
        var line = new string('x', 10_000);
        await using var machine = Machine(new ScriptedBuild("2/2", ["begun", .. Enumerable.Repeat(line, 200)]) { Hangs = true });
        machine.Limits.LogMegabytes = 1;
        await machine.StartAsync();
        var (d, log) = await machine.EndOfAsync((await machine.DeployAsync(Files)).Id);
        Assert.Equal("build.log_limit", d.Failure?.Code);
        Assert.Contains(log, l => l.Text == "begun");
        Assert.InRange(log.Count(l => l.Text == line), 100, 105);
    }

    [Fact]
    public async Task A_build_that_never_ends_is_stopped_in_time()
    {
        await using var machine = Machine(new ScriptedBuild("2/2") { Hangs = true }, TimeSpan.FromMilliseconds(100));
        Assert.Equal("build.timeout", (await BuildAsync(machine)).Failure?.Code);
    }

    [Fact]
    public async Task A_build_is_stopped_while_the_disk_has_its_reserve_left()
    {
        await using var machine = Machine(new ScriptedBuild("2/2", "begun") { Hangs = true });
        await machine.StartAsync();
        var d = await machine.DeployAsync(Files);
        await foreach (var line in machine.Store.Log.FollowAsync(d.Id, 0, TestContext.Current.CancellationToken))
        {
            if (line.Text == "begun") break;
        }

        machine.Machine.Free = 100 << 20;
        var (end, _) = await machine.EndOfAsync(d.Id);
        Assert.Equal("build.disk_full", end.Failure?.Code);
        Assert.Contains("1 GiB", end.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_does_not_begin_above_the_budget()
    {
        await using var machine = Machine(new ScriptedBuild("2/2") { Hangs = true });
        machine.OverBudget = new("build.over_budget", "too much");
        Assert.Equal("build.over_budget", (await BuildAsync(machine)).Failure?.Code);
        Assert.Empty(machine.Builder.Requests);
    }

    [Fact]
    public async Task A_build_does_not_begin_on_a_full_disk()
    {
        await using var machine = Machine(new ScriptedBuild("2/2") { Hangs = true });
        machine.Machine.Free = 100 << 20;
        Assert.Equal("build.disk_full", (await BuildAsync(machine)).Failure?.Code);
        Assert.Empty(machine.Builder.Requests);
    }

    [Fact]
    public async Task Limits_that_are_not_held_are_said_in_the_log_of_each_build()
    {
        await using var machine = Machine(new ScriptedBuild("2/2"));
        machine.Machine.Refusal = new StepLimitStatus.NotHeld("not root");
        machine.Machine.Hold(new EngineLayout("/", "cgroupfs"), new StepLimits(1, 1, 1, 1));
        await machine.StartAsync();
        var (_, log) = await machine.EndOfAsync((await machine.DeployAsync(Files)).Id);
        Assert.Contains(log, l => l.Text.Contains("NOT limited: not root", StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Files => new() { ["Dockerfile"] = File };

    private static MachineInMemory Machine(ScriptedBuild build, TimeSpan? timeout = null)
    {
        var machine = new MachineInMemory(timeout);
        machine.Builder.Builds[File] = build;
        return machine;
    }

    private static async Task<Deployment> BuildAsync(MachineInMemory machine)
    {
        await machine.StartAsync();
        return (await machine.EndOfAsync((await machine.DeployAsync(Files)).Id)).Deployment;
    }
}
