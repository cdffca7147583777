using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Projects;

namespace Core.Tests.Pipeline;

/// <summary>Promote, roll back, pin and release on twins in memory.</summary>
public class ProductionStoryTests
{
    private static readonly Dictionary<string, string> Site = new() { ["index.html"] = "<h1>hello</h1>" };
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_promotion_is_said_to_be_done_when_the_edge_serves_it()
    {
        await using var machine = new MachineInMemory();
        await machine.StartAsync();
        var first = await ReadyAsync(machine);
        var second = await ReadyAsync(machine);
        var moved = await machine.Switch.ToAsync(second, ProductionCause.Promote, Ct);
        Assert.Null(moved.Failure);
        Assert.Equal((first.Id, second.Id, false), (moved.Value.Before, moved.Value.Now.Id, moved.Value.IsPinned));
        Assert.Equal(second.Id, Served(machine));
        Assert.Equal([first.Id, second.Id], (await ProjectAsync(machine)).ProductionHistory.Select(t => t.Deployment));
    }

    [Fact]
    public async Task A_roll_back_pins_until_a_promotion()
    {
        await using var machine = new MachineInMemory();
        await machine.StartAsync();
        var first = await ReadyAsync(machine);
        var second = await ReadyAsync(machine, isProduction: true);
        var back = await machine.Rollbacks.ConsiderAsync(await ProjectAsync(machine), null, Ct);
        Assert.Equal((second.Id, first.Id), (back.Value.From?.Id, back.Value.To.Id));
        Assert.NotNull(back.Value.WasProductionAt);
        Assert.True((await machine.Switch.ToAsync(back.Value.To, ProductionCause.Rollback, Ct)).Value.IsPinned);

        var (pinned, log) = await machine.EndOfAsync((await machine.DeployAsync(Site, isProduction: true)).Id);
        Assert.Equal(DeploymentState.Ready, pinned.State);
        Assert.Contains(log, l => l.Text.Contains($"pinned to {first.Id} by a rollback", StringComparison.Ordinal) && l.Text.Contains($"slipway rollback --release {first.ProjectName}", StringComparison.Ordinal));
        Assert.Equal(first.Id, Served(machine));

        Assert.Null((await machine.Switch.ToAsync(pinned, ProductionCause.Promote, Ct)).Failure);
        var last = await ReadyAsync(machine, isProduction: true);
        Assert.Equal(last.Id, Served(machine));
    }

    [Fact]
    public async Task After_a_release_the_next_one_for_production_has_it()
    {
        await using var machine = new MachineInMemory();
        await machine.StartAsync();
        var first = await ReadyAsync(machine);
        await ReadyAsync(machine, isProduction: true);
        await machine.Switch.ToAsync(first, ProductionCause.Rollback, Ct);
        await machine.Store.Projects.UpdateAsync(first.Project, p => p with { ProductionPin = null }, Ct);
        Assert.Equal(first.Id, Served(machine));
        Assert.Equal((await ReadyAsync(machine, isProduction: true)).Id, Served(machine));
    }

    [Fact]
    public async Task Only_what_is_ready_and_serves_can_be_pointed_at()
    {
        await using var machine = new MachineInMemory();
        await machine.StartAsync();
        var first = await ReadyAsync(machine);
        var second = await ReadyAsync(machine);
        var failed = (await machine.EndOfAsync((await machine.DeployAsync(new Dictionary<string, string> { ["notes.txt"] = "x" })).Id)).Deployment;
        Assert.Equal("production.not_ready", (await machine.Switch.ToAsync(failed, ProductionCause.Promote, Ct)).Failure?.Code);

        // It dies and cannot come back: its image is gone.
        foreach (var image in machine.Runtime.Images.Keys) machine.Runtime.Images.TryRemove(image, out _);
        machine.Runtime.Exit(InstanceId.Of(second.Id), 1);
        await UntilAsync(() => machine.Router.Table.Routes.Any(r => r.Host.StartsWith(second.PreviewLabel, StringComparison.Ordinal) && r.Kind == RouteKind.Unavailable));
        Assert.Equal("production.not_serving", (await machine.Switch.ToAsync(second, ProductionCause.Promote, Ct)).Failure?.Code);
        Assert.Equal(first.Id, Served(machine));
    }

    [Fact]
    public async Task With_the_edge_down_nothing_has_moved()
    {
        await using var machine = new MachineInMemory();
        await machine.StartAsync();
        var first = await ReadyAsync(machine);
        var second = await ReadyAsync(machine);
        machine.Router.IsUp = false;
        Assert.Equal("route.edge_down", (await machine.Switch.ToAsync(second, ProductionCause.Promote, Ct)).Failure?.Code);
        Assert.Equal((first.Id, 1), ((await ProjectAsync(machine)).Production, (await ProjectAsync(machine)).ProductionHistory.Count));
    }

    [Fact]
    public async Task A_table_that_the_edge_does_not_take_moves_nothing()
    {
        await using var machine = new MachineInMemory();
        await machine.StartAsync();
        var first = await ReadyAsync(machine);
        var second = await ReadyAsync(machine);
        await machine.Router.PublishAsync(new RouteTable(long.MaxValue, machine.Router.Table.Routes), Ct);
        await Assert.ThrowsAsync<RouteTableRefusedException>(() => machine.Switch.ToAsync(second, ProductionCause.Promote, Ct));
        Assert.Equal((first.Id, 1), ((await ProjectAsync(machine)).Production, (await ProjectAsync(machine)).ProductionHistory.Count));
    }

    [Fact]
    public async Task There_is_no_way_back_from_the_first_nor_to_another_project()
    {
        await using var machine = new MachineInMemory();
        await machine.StartAsync();
        var first = await ReadyAsync(machine);
        var project = await ProjectAsync(machine);
        Assert.Equal("rollback.nothing_before", (await machine.Rollbacks.ConsiderAsync(project, null, Ct)).Failure?.Code);
        Assert.Equal("rollback.already", (await machine.Rollbacks.ConsiderAsync(project, first, Ct)).Failure?.Code);
        Assert.Equal("rollback.other_project", (await machine.Rollbacks.ConsiderAsync(project, first with { Project = default }, Ct)).Failure?.Code);
    }

    private static async Task<Deployment> ReadyAsync(MachineInMemory machine, bool isProduction = false)
    {
        var d = (await machine.EndOfAsync((await machine.DeployAsync(Site, isProduction)).Id)).Deployment;
        Assert.Equal(DeploymentState.Ready, d.State);
        return d;
    }

    private static async Task<Project> ProjectAsync(MachineInMemory machine) => await machine.Store.Projects.FindAsync(machine.Project.Id, Ct) ?? throw new InvalidOperationException("gone");

    private static DeploymentId? Served(MachineInMemory machine) => machine.Router.Table.Routes.Single(r => r.Host == $"{machine.Project.Name}.localhost" && r.Kind == RouteKind.App).Deployment;

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!isTrue()) await timer.WaitForNextTickAsync(limit.Token);
    }
}
