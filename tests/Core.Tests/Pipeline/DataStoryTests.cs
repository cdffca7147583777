using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;

namespace Core.Tests.Pipeline;

/// <summary>A project that keeps data, on twins in memory: whoever serves has it, and never two at once.</summary>
public class DataStoryTests
{
    private static readonly Dictionary<string, string> Site = new() { ["index.html"] = "<h1>hello</h1>" };
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_stops_the_old_one_before_the_new_one_starts()
    {
        await using var machine = new MachineInMemory();
        await StartAsync(machine);
        var first = await ReadyAsync(machine);
        var (second, log) = await machine.EndOfAsync((await machine.DeployAsync(Site, isProduction: true)).Id);
        Assert.Equal(DeploymentState.Ready, second.State);
        Assert.Contains(log, l => l.Text.Contains($"{first.Id} stops before this one starts", StringComparison.Ordinal));
        Assert.Equal((InstanceId.Of(first.Id), SleepDepth.Stopped), machine.Runtime.Sleeps.First());
        Assert.Equal((second.Id, null), ((await ProjectAsync(machine)).Production, (await ProjectAsync(machine)).DataHeir));
        // The old one comes back as what it is now: without the data.
        await UntilAsync(async () => await InstanceAsync(machine, first) is { State: InstanceState.Running, DataOf: null } && await InstanceAsync(machine, second) is { State: InstanceState.Running, DataOf: not null });
        Assert.Equal(1, machine.Runtime.MostKeepers);
    }

    [Fact]
    public async Task What_does_not_get_well_gives_the_data_back()
    {
        await using var machine = new MachineInMemory();
        await StartAsync(machine);
        var first = await ReadyAsync(machine);
        await machine.Store.Projects.UpdateAsync(first.Project, p => p with { Health = new HealthSettings { Status = "200" } }, Ct);
        machine.AppStatus = 500;
        var (second, log) = await machine.EndOfAsync((await machine.DeployAsync(Site, isProduction: true)).Id);
        Assert.Equal((DeploymentState.Error, "run.unhealthy"), (second.State, second.Failure?.Code));
        Assert.Contains(log, l => l.Text.Contains($"{first.Id} has the data again", StringComparison.Ordinal));
        Assert.True(await InstanceAsync(machine, first) is { State: InstanceState.Running, DataOf: not null });
        Assert.Equal((first.Id, null), ((await ProjectAsync(machine)).Production, (await ProjectAsync(machine)).DataHeir));
        Assert.Equal(1, machine.Runtime.MostKeepers);
    }

    [Fact]
    public async Task Previews_have_a_folder_of_their_own_and_get_the_data_when_promoted()
    {
        await using var machine = new MachineInMemory();
        await StartAsync(machine);
        var first = await ReadyAsync(machine);
        var preview = await ReadyAsync(machine, isProduction: false);
        Assert.True(await InstanceAsync(machine, preview) is { DataOf: null });
        Assert.Equal([null], machine.Runtime.Starts.Last().Volumes.Select(v => v.Name));

        var promoted = await machine.Switch.ToAsync(preview, ProductionCause.Promote, Ct);
        Assert.Null(promoted.Failure);
        Assert.True(await InstanceAsync(machine, preview) is { State: InstanceState.Running, DataOf: not null });
        Assert.Equal(preview.Id, machine.Router.Table.Routes.Single(r => r.Host == $"{preview.ProjectName}.localhost" && r.Kind == RouteKind.App).Deployment);

        await UntilAsync(async () => await InstanceAsync(machine, first) is { State: InstanceState.Running, DataOf: null, Address: { } address } again && await machine.StatusAsync(address, again.Port, "/", default, Ct) == 200);
        await machine.Routes.PublishAsync(Ct);
        Assert.Null((await machine.Switch.ToAsync(first, ProductionCause.Rollback, Ct)).Failure);
        await UntilAsync(async () => await InstanceAsync(machine, first) is { State: InstanceState.Running, DataOf: not null } && await InstanceAsync(machine, preview) is { State: InstanceState.Running, DataOf: null });
        Assert.Equal(1, machine.Runtime.MostKeepers);
    }

    [Fact]
    public async Task A_promotion_that_does_not_get_well_leaves_production_as_it_was()
    {
        await using var machine = new MachineInMemory();
        await StartAsync(machine);
        var first = await ReadyAsync(machine);
        var preview = await ReadyAsync(machine, isProduction: false);
        machine.AppStatus = 500;
        await machine.Store.Projects.UpdateAsync(machine.Project.Id, p => p with { Health = new HealthSettings { Status = "200" } }, Ct);
        Assert.Equal("production.not_serving", (await machine.Switch.ToAsync(preview, ProductionCause.Promote, Ct)).Failure?.Code);
        Assert.True(await InstanceAsync(machine, first) is { State: InstanceState.Running, DataOf: not null });
        await UntilAsync(async () => await InstanceAsync(machine, preview) is { State: InstanceState.Running, DataOf: null });
        Assert.Equal((first.Id, 1), ((await ProjectAsync(machine)).Production, machine.Runtime.MostKeepers));
    }

    [Fact]
    public async Task A_handover_that_a_crash_left_is_undone()
    {
        await using var machine = new MachineInMemory();
        await StartAsync(machine);
        var first = await ReadyAsync(machine);
        var preview = await ReadyAsync(machine, isProduction: false);
        await machine.Store.Projects.UpdateAsync(first.Project, p => p with { DataHeir = preview.Id }, Ct);
        machine.Runtime.Exit(InstanceId.Of(first.Id), 1);
        await UntilAsync(async () => (await ProjectAsync(machine)).DataHeir is null && await InstanceAsync(machine, first) is { State: InstanceState.Running, DataOf: not null });
        Assert.Equal(1, machine.Runtime.MostKeepers);
    }

    [Fact]
    public async Task Two_releases_at_once_take_turns()
    {
        await using var machine = new MachineInMemory();
        await StartAsync(machine);
        await ReadyAsync(machine);
        var (a, b) = (await machine.DeployAsync(Site, isProduction: true), await machine.DeployAsync(Site, isProduction: true));
        await Task.WhenAll(machine.EndOfAsync(a.Id), machine.EndOfAsync(b.Id));
        Assert.Equal(b.Id, (await ProjectAsync(machine)).Production);
        await UntilAsync(async () => await InstanceAsync(machine, b) is { State: InstanceState.Running, DataOf: not null } && await InstanceAsync(machine, a) is { State: InstanceState.Running, DataOf: null });
        Assert.Equal(1, machine.Runtime.MostKeepers);
    }

    [Fact]
    public async Task A_removed_volume_is_gone_and_production_runs_without_it()
    {
        await using var machine = new MachineInMemory();
        await StartAsync(machine);
        var first = await ReadyAsync(machine);
        await machine.Handover.RemoveAsync(first.Project, "data", machine.Runtime, Ct);
        Assert.True(await InstanceAsync(machine, first) is { State: InstanceState.Running, DataOf: null });
        Assert.Empty(machine.Runtime.Kept);
    }

    private static async Task StartAsync(MachineInMemory machine)
    {
        machine.App = machine.App with { Remembers = "/data" };
        await machine.StartAsync();
        await machine.Store.Projects.UpdateAsync(machine.Project.Id, p => p with { Volumes = [new Volume("data", "/data", p.CreatedAt)] }, Ct);
    }

    private static async Task<Deployment> ReadyAsync(MachineInMemory machine, bool isProduction = true)
    {
        var d = (await machine.EndOfAsync((await machine.DeployAsync(Site, isProduction)).Id)).Deployment;
        Assert.Equal(DeploymentState.Ready, d.State);
        return d;
    }

    private static async Task<Project> ProjectAsync(MachineInMemory machine) => await machine.Store.Projects.FindAsync(machine.Project.Id, Ct) ?? throw new InvalidOperationException("gone");

    private static Task<Instance?> InstanceAsync(MachineInMemory machine, Deployment d) => machine.Runtime.InspectAsync(InstanceId.Of(d.Id), Ct);

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await isTrue()) await timer.WaitForNextTickAsync(limit.Token);
    }
}
