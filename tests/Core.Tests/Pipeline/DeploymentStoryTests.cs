using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Projects;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Testing.InMemory;

namespace Core.Tests.Pipeline;

/// <summary>Queued to ready, and every way not to get there, in milliseconds.</summary>
public class DeploymentStoryTests
{
    private static readonly Dictionary<string, string> Site = new() { ["index.html"] = "<h1>hello</h1>" };

    [Fact]
    public async Task A_folder_goes_from_queued_to_ready_and_takes_the_production_host()
    {
        await using var machine = new MachineInMemory();
        await machine.StartAsync();
        var (d, log) = await machine.EndOfAsync((await machine.DeployAsync(Site)).Id);
        Assert.Equal((DeploymentState.Ready, null), (d.State, d.Failure));
        Assert.Contains(log, l => l.Text.StartsWith("ready after", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(1, log.Count), log.Select(l => (int)l.Sequence));
        Assert.All(new[] { d.Timings.Queued, d.Timings.Fetch, d.Timings.Plan, d.Timings.Build, d.Timings.Seal, d.Timings.Run, d.Timings.Route, d.Timings.Total }, t => Assert.NotNull(t));
        Assert.Equal([$"{d.PreviewLabel}.localhost", $"{d.ProjectName}.localhost"], machine.Router.Table.Routes.Where(r => r.Kind == RouteKind.App).Select(r => r.Host));
        Assert.Equal(d.Id, (await machine.Store.Projects.FindAsync(d.Project, CancellationToken.None))?.Production);
    }

    [Fact]
    public async Task A_later_one_takes_production_only_when_it_asks()
    {
        await using var machine = new MachineInMemory();
        await machine.StartAsync();
        var first = (await machine.EndOfAsync((await machine.DeployAsync(Site)).Id)).Deployment;
        var second = (await machine.EndOfAsync((await machine.DeployAsync(Site)).Id)).Deployment;
        Assert.Equal(first.Id, (await machine.Store.Projects.FindAsync(first.Project, CancellationToken.None))?.Production);
        var third = (await machine.EndOfAsync((await machine.DeployAsync(Site, isProduction: true)).Id)).Deployment;
        Assert.Equal(third.Id, (await machine.Store.Projects.FindAsync(first.Project, CancellationToken.None))?.Production);
        Assert.Equal(DeploymentState.Ready, second.State);
    }

    [Fact]
    public async Task A_source_that_cannot_be_planned_fails_with_what_was_looked_for()
    {
        await using var machine = new MachineInMemory();
        await machine.StartAsync();
        var (d, _) = await machine.EndOfAsync((await machine.DeployAsync(new Dictionary<string, string> { ["notes.txt"] = "x" })).Id);
        Assert.Equal((DeploymentState.Error, "plan.no_provider", "plan"), (d.State, d.Failure?.Code, d.Failure?.Step));
        Assert.NotNull(d.Failure?.Hint);
    }

    [Fact]
    public async Task A_failing_step_is_stored_with_its_exit_code_and_production_stays()
    {
        await using var machine = new MachineInMemory();
        await machine.StartAsync();
        var good = (await machine.EndOfAsync((await machine.DeployAsync(Site)).Id)).Deployment;
        const string file = "FROM scratch\nRUN false\n";
        machine.Builder.Builds[file] = new ScriptedBuild("RUN false", "about to fail") { FailsWith = new Failure("build.step_failed", "RUN false failed", Step: "RUN false", ExitCode: 1) };
        var (d, log) = await machine.EndOfAsync((await machine.DeployAsync(new Dictionary<string, string> { ["Dockerfile"] = file }, isProduction: true)).Id);
        Assert.Equal(("build.step_failed", 1), (d.Failure?.Code, d.Failure?.ExitCode));
        Assert.Contains(log, l => l.Text == "about to fail");
        Assert.Equal(good.Id, (await machine.Store.Projects.FindAsync(good.Project, CancellationToken.None))?.Production);
    }

    [Fact]
    public async Task An_app_that_exits_shows_its_last_output()
    {
        await using var machine = new MachineInMemory { App = new ScriptedApp { ExitsWith = 3, Output = _ => ["cannot find the database"] } };
        await machine.StartAsync();
        var (d, log) = await machine.EndOfAsync((await machine.DeployAsync(Site)).Id);
        Assert.Equal(("run.exited", 3), (d.Failure?.Code, d.Failure?.ExitCode));
        Assert.Contains(log, l => l.Text == "cannot find the database");
    }

    [Fact]
    public async Task An_app_on_another_port_is_told_so_in_words()
    {
        await using var machine = new MachineInMemory { App = new ScriptedApp { Ports = [8080] } };
        await machine.StartAsync();
        var (d, _) = await machine.EndOfAsync((await machine.DeployAsync(Site)).Id);
        Assert.Equal("run.unhealthy", d.Failure?.Code);
        Assert.Contains("8080", d.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_answers_500_never_becomes_ready()
    {
        await using var machine = new MachineInMemory { AppStatus = 500 };
        await machine.StartAsync();
        var (d, _) = await machine.EndOfAsync((await machine.DeployAsync(Site)).Id);
        Assert.Equal((DeploymentState.Error, "run.unhealthy"), (d.State, d.Failure?.Code));
    }

    [Fact]
    public async Task What_up_means_is_said_by_the_project()
    {
        await using var machine = new MachineInMemory { AppStatus = 404 };
        await machine.StartAsync();
        var good = (await machine.EndOfAsync((await machine.DeployAsync(Site)).Id)).Deployment;
        Assert.Equal(DeploymentState.Ready, good.State);

        await machine.Store.Projects.UpdateAsync(good.Project, p => p with { Health = new HealthSettings { Path = "/healthz", Status = "200-299", Grace = TimeSpan.FromMilliseconds(300) } }, CancellationToken.None);
        var (bad, _) = await machine.EndOfAsync((await machine.DeployAsync(Site)).Id);
        Assert.Equal(("run.unhealthy", "the app still answered 404 at /healthz after 0.3 s, and 200-299 was expected"), (bad.Failure?.Code, bad.Failure?.Message));
        Assert.Equal(good.Id, (await machine.Store.Projects.FindAsync(good.Project, CancellationToken.None))?.Production);

        await machine.Store.Projects.UpdateAsync(good.Project, p => p with { Health = new HealthSettings { Status = "404" } }, CancellationToken.None);
        Assert.Equal(DeploymentState.Ready, (await machine.EndOfAsync((await machine.DeployAsync(Site)).Id)).Deployment.State);
    }

    [Fact]
    public async Task An_edge_that_is_away_for_a_moment_fails_no_deployment()
    {
        await using var machine = new MachineInMemory();
        await machine.StartAsync();
        machine.Router.IsUp = false;
        var id = (await machine.DeployAsync(Site)).Id;
        await foreach (var line in machine.Store.Log.FollowAsync(id, 0, TestContext.Current.CancellationToken))
        {
            if (line.Text.StartsWith("no fault of the app's, trying again", StringComparison.Ordinal)) break;
        }

        machine.Router.IsUp = true;
        Assert.Equal(DeploymentState.Ready, (await machine.EndOfAsync(id)).Deployment.State);
    }

    [Fact]
    public async Task Cancelling_a_running_build_stops_it()
    {
        await using var machine = new MachineInMemory();
        const string file = "FROM scratch\nRUN sleep 600\n";
        machine.Builder.Builds[file] = new ScriptedBuild("RUN sleep 600") { Hangs = true };
        await machine.StartAsync();
        var d = await machine.DeployAsync(new Dictionary<string, string> { ["Dockerfile"] = file });
        await foreach (var line in machine.Store.Log.FollowAsync(d.Id, 0, TestContext.Current.CancellationToken))
        {
            if (line.Step == "plan") break;
        }

        await machine.Store.Deployments.ApplyAsync(d.Id, new CancelRequested("test"), CancellationToken.None);
        Assert.Equal(DeploymentState.Canceled, (await machine.EndOfAsync(d.Id)).Deployment.State);
    }

    [Fact]
    public async Task An_instance_that_dies_is_started_again_and_what_nothing_wants_is_removed()
    {
        await using var machine = new MachineInMemory();
        await machine.StartAsync();
        var d = (await machine.EndOfAsync((await machine.DeployAsync(Site)).Id)).Deployment;
        machine.Runtime.Exit(InstanceId.Of(d.Id), 1);
        await UntilAsync(async () => (await machine.Runtime.ListAsync(CancellationToken.None)).Any(i => i.Deployment == d.Id && i.State == InstanceState.Running) && machine.Runtime.Starts.Count == 2);

        await machine.Store.Deployments.ApplyAsync(d.Id, new Retired("test"), CancellationToken.None);
        await UntilAsync(async () => (await machine.Runtime.ListAsync(CancellationToken.None)).Count == 0);
        Assert.DoesNotContain(machine.Router.Table.Routes, r => r.Kind == RouteKind.App);
    }

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await isTrue()) await timer.WaitForNextTickAsync(limit.Token);
    }
}
