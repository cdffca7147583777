using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Testing.InMemory;
using Slipway.Testing.Hosting;

namespace Core.Tests.Pipeline;

/// <summary>Sleep and wake on twins in memory; every rule is the real one.</summary>
public class SleepStoryTests
{
    private static readonly Dictionary<string, string> Site = new() { ["index.html"] = "<h1>hello</h1>" };
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_preview_freezes_then_stops_and_each_request_brings_it_back()
    {
        await using var machine = new MachineInMemory { App = new ScriptedApp { Address = "10.77.0.9" }, Sleep = { After = TimeSpan.FromMilliseconds(300), StopAfter = TimeSpan.FromSeconds(2) } };
        await machine.StartAsync();
        await ReadyAsync(machine);
        var preview = await ReadyAsync(machine);

        await UntilAsync(machine, preview, InstanceState.Frozen);
        Assert.True(machine.Routes.IsAsleep(preview.Id));
        Assert.Equal(200, await AskAsync(machine, preview));
        await UntilAsync(machine, preview, InstanceState.Exited);
        var starts = machine.Runtime.Starts.Count;
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => AskAsync(machine, preview))), status => Assert.Equal(200, status));
        Assert.Equal(starts + 1, machine.Runtime.Starts.Count);
    }

    [Fact]
    public async Task Production_stays_awake_unless_its_project_says_otherwise()
    {
        await using var machine = new MachineInMemory { App = new ScriptedApp { Address = "10.77.0.9" }, Sleep = { After = TimeSpan.FromMilliseconds(100) } };
        await machine.StartAsync();
        var production = await ReadyAsync(machine);
        await UntilAsync(machine, await ReadyAsync(machine), InstanceState.Frozen);
        Assert.Equal(InstanceState.Running, await StateAsync(machine, production));

        await machine.Store.Projects.UpdateAsync(machine.Project.Id, p => p with { Sleep = new SleepSettings { Production = true } }, Ct);
        await UntilAsync(machine, production, InstanceState.Frozen);
        // Switched off, it is woken without a request.
        await machine.Store.Projects.UpdateAsync(machine.Project.Id, p => p with { Sleep = new SleepSettings { IsOff = true } }, Ct);
        await UntilAsync(machine, production, InstanceState.Running);
    }

    [Fact]
    public async Task Nothing_sleeps_while_a_command_runs_in_it()
    {
        await using var machine = new MachineInMemory { App = new ScriptedApp { Address = "10.77.0.9" }, Sleep = { After = TimeSpan.FromMilliseconds(100) } };
        await machine.StartAsync();
        await ReadyAsync(machine);
        var preview = await ReadyAsync(machine);
        await UntilAsync(machine, preview, InstanceState.Frozen);
        using (machine.Commands.TryEnter(preview.Id))
        {
            await UntilAsync(machine, preview, InstanceState.Running);
            var sleeps = machine.Runtime.Sleeps.Count(s => s.Instance == InstanceId.Of(preview.Id));
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Ct);
            Assert.Equal(sleeps, machine.Runtime.Sleeps.Count(s => s.Instance == InstanceId.Of(preview.Id)));
        }

        await UntilAsync(machine, preview, InstanceState.Frozen);
    }

    [Fact]
    public async Task When_memory_is_short_what_is_frozen_stops()
    {
        await using var machine = new MachineInMemory { App = new ScriptedApp { Address = "10.77.0.9" }, Sleep = { After = TimeSpan.FromMilliseconds(100) } };
        await machine.StartAsync();
        await ReadyAsync(machine);
        var preview = await ReadyAsync(machine);
        await UntilAsync(machine, preview, InstanceState.Frozen);
        machine.Machine.Has = new MachineMemory(1000, 99, 0);
        await UntilAsync(machine, preview, InstanceState.Exited);
        Assert.True(machine.Routes.IsAsleep(preview.Id));
        machine.Machine.Has = new MachineMemory(1000, 900, 0);
        Assert.Equal(200, await AskAsync(machine, preview));
    }

    /// <summary>Asked without a pause, with and without a pause in between, while it is put to sleep as often as can be: none is lost or late.</summary>
    [Fact]
    public async Task No_request_is_lost_however_it_meets_the_sleep()
    {
        await using var machine = new MachineInMemory { App = new ScriptedApp { Address = "10.77.0.9" }, Sleep = { After = TimeSpan.FromMilliseconds(1), StopAfter = TimeSpan.FromMilliseconds(5), LookEvery = TimeSpan.FromMilliseconds(1) } };
        await machine.StartAsync();
        await ReadyAsync(machine);
        var preview = await ReadyAsync(machine);
        var ends = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(3);
        var answered = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async visitor =>
        {
            while (TimeProvider.System.GetUtcNow() < ends)
            {
                Assert.Equal(200, await AskAsync(machine, preview));
                Interlocked.Increment(ref answered);
                await Task.Delay(TimeSpan.FromMilliseconds(3 * visitor), TimeProvider.System, Ct);
            }
        }));
        Assert.InRange(answered, 10, int.MaxValue);
        Assert.InRange(machine.Runtime.Sleeps.Count, 2, int.MaxValue);
    }

    [Fact]
    public async Task One_that_sleeps_can_be_promoted()
    {
        await using var machine = new MachineInMemory { App = new ScriptedApp { Address = "10.77.0.9" }, Sleep = { After = TimeSpan.FromMilliseconds(100) } };
        await machine.StartAsync();
        await ReadyAsync(machine);
        var preview = await ReadyAsync(machine);
        await UntilAsync(machine, preview, InstanceState.Frozen);
        Assert.Null((await machine.Switch.ToAsync(preview, ProductionCause.Promote, Ct)).Failure);
        await UntilAsync(machine, preview, InstanceState.Running);
    }

    private static async Task<int?> AskAsync(MachineInMemory machine, Deployment d) => (await machine.Router.ProbeAsync($"{d.PreviewLabel}.localhost", "/", Patience, Ct)).Status;

    private static async Task<Deployment> ReadyAsync(MachineInMemory machine)
    {
        var d = (await machine.EndOfAsync((await machine.DeployAsync(Site)).Id)).Deployment;
        Assert.Equal(DeploymentState.Ready, d.State);
        return d;
    }

    private static async Task<InstanceState?> StateAsync(MachineInMemory machine, Deployment d) => (await machine.Runtime.InspectAsync(InstanceId.Of(d.Id), Ct))?.State;

    private static Task UntilAsync(MachineInMemory machine, Deployment d, InstanceState state) =>
        Looking.UntilAsync(async () => await StateAsync(machine, d) == state && machine.Routes.IsAsleep(d.Id) == (state != InstanceState.Running) ? "so" : null, Patience, $"the preview {state}");
}
