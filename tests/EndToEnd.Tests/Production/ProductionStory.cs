using System.Text;
using EndToEnd.Tests.Bounded;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests.Production;

/// <summary>The production stack, all of it real: nothing is lost and nothing happens twice while its parts are killed, restarted and stopped.</summary>
[Trait("needs", "engine")]
[Trait("needs", "root")]
[Trait("story", "production")]
[TestMethodOrderer(typeof(InOrder))]
public sealed class ProductionStory(ProductionStack stack) : IClassFixture<ProductionStack>
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private Installation Slipway => stack.Slipway;

    [Fact]
    public async Task A0_a_worker_outside_the_engines_group_is_told_which_and_takes_no_job()
    {
        var version = (await Slipway.Api.StatusAsync(CancellationToken.None)).Server.Version;
        var (exit, said) = await WorkerProcess.RefusedAsync(version, stack.Nats, stack.Registry);
        Assert.True(exit == 2, said);
        Assert.Contains($"the Docker Engine's socket at /var/run/docker.sock may not be opened by user 65534 (groups 65534): it is of user 0, group {await WorkerProcess.EngineGroupAsync()}", said, StringComparison.Ordinal);
        Assert.Contains($"group_add: [\"{await WorkerProcess.EngineGroupAsync()}\"]", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A1_a_worker_without_a_database_builds_and_the_edge_serves()
    {
        var app = BusyboxApp.Create();
        var (exit, end, ran) = await Slipway.DeployAsync(app, "--project", "plain");
        Assert.True(exit == 0, $"{ran}\n{string.Join('\n', stack.Workers)}");
        Assert.Equal((200, "hello"), await Slipway.GetAsync(end["previewUrl"]!.GetValue<string>()));
        Assert.Contains($"sealed as {stack.Registry.Address}/", ran.ToString(), StringComparison.Ordinal);

        var worker = await stack.BuilderOfAsync(end["id"]!.GetValue<string>());
        var status = await File.ReadAllTextAsync($"/proc/{worker.Pid}/status");
        Assert.Matches(@"Uid:\s+65534\s+65534", status);
        var maps = await File.ReadAllTextAsync($"/proc/{worker.Pid}/maps");
        Assert.DoesNotContain("Npgsql", maps, StringComparison.Ordinal);
        Directory.Delete(app, recursive: true);
    }

    [Fact]
    public async Task A2_killed_worker_and_restarted_nats_it_ends_ready_with_a_whole_log()
    {
        var id = await SlowBuild.BeginAsync(Slipway, "killed");
        await Slipway.SaysAsync(id, "line-5-", byProgram: true);
        var killed = await stack.BuilderOfAsync(id);
        await killed.KillAsync();
        await stack.Nats.KillAsync();
        await stack.Nats.ResumeAsync();

        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Slipway.UntilAsync(id, d => d.Attempt > 1, Minute);
        Assert.True(clock.Elapsed < Minute);
        var end = await Slipway.EndOfAsync(id);
        Assert.True(end.State == "ready", $"{end.State}: {end.Failure?.Message}\n{string.Join('\n', stack.Workers)}");
        Assert.Equal(200, (await Slipway.GetAsync(end.PreviewUrl)).Status);

        var log = await stack.LogAsync(id);
        var again = log.FindIndex(l => l.Text.Contains("the one before did not come to its end", StringComparison.Ordinal));
        Assert.True(again > 0, string.Join('\n', log.Select(l => l.Text)));
        SlowBuild.AssertOnce(log.Take(again).Select(l => l.Text), isWhole: false);
        SlowBuild.AssertOnce(log.Skip(again).Select(l => l.Text), isWhole: true);
        await killed.ResumeAsync();
    }

    [Fact]
    public async Task A3_a_control_plane_stopped_during_a_build_shows_the_whole_log_afterwards()
    {
        var id = await SlowBuild.BeginAsync(Slipway, "unseen");
        await Slipway.SaysAsync(id, "line-5-", byProgram: true);
        await stack.Prometheus.UntilAsync("sum(slipway_worker_builds)", held => held is [1]);
        await HostTool.RunAsync("kill", "-9", $"{Slipway.ServerPid}");
        await stack.Prometheus.UntilAsync("sum(slipway_worker_builds)", held => held is [0]);

        Assert.Equal(0, (await Slipway.RunAsync("up")).ExitCode);
        var end = await Slipway.EndOfAsync(id);
        Assert.True(end is { State: "ready", Attempt: 1 }, $"{end.State} {end.Attempt}: {end.Failure?.Message}");
        SlowBuild.AssertOnce((await stack.LogAsync(id)).Select(l => l.Text), isWhole: true);
    }

    [Fact]
    public async Task A4_the_duplicate_job_while_the_first_is_in_flight_builds_nothing()
    {
        var id = await SlowBuild.BeginAsync(Slipway, "twice");
        await Slipway.SaysAsync(id, "line-3-", byProgram: true);
        var job = Encoding.UTF8.GetBytes($$"""{"deployment":"{{id}}"}""");
        Assert.False(await stack.Nats.PublishAsync("control", $"slipway.jobs.{id}", job));
        // By another name the server takes it; the claim does not.
        Assert.True(await stack.Nats.PublishAsync("control", $"slipway.jobs.{id}-again", job));
        Assert.True(await stack.Nats.PublishAsync("control", "slipway.jobs.nonsense", "no job"u8.ToArray()));
        var end = await Slipway.EndOfAsync(id);
        Assert.Equal(("ready", 1), (end.State, end.Attempt));
        SlowBuild.AssertOnce((await stack.LogAsync(id)).Select(l => l.Text), isWhole: true);
        var letter = await Looking.UntilAsync(async () => Installation.Json(await Slipway.RunAsync("failed-jobs", "--json")).AsArray()
            .FirstOrDefault(j => j!["reason"]!.GetValue<string>() == "a message on slipway.jobs.nonsense is no job"), Minute, "what is no job is told");
        Assert.Equal(0, (await Slipway.RunAsync("failed-jobs", "rm", $"{letter["sequence"]}")).ExitCode);
    }

    [Fact]
    public async Task A5_a_given_up_job_is_replayed_and_ends_ready()
    {
        var (_, first, ran) = await Slipway.DeployAsync(BusyboxApp.Create(), "--project", "given-up");
        var id = first["id"]?.GetValue<string>();
        Assert.True(id is not null, ran.ToString());
        Assert.True(await stack.Nats.PublishAsync("worker", $"slipway.dead.{id}", Encoding.UTF8.GetBytes($$"""{"deployment":"{{id}}","attempts":4,"reason":"the registry was away","at":"2026-11-26T12:00:00Z"}""")));
        var listed = Installation.Json(await Slipway.RunAsync("failed-jobs", "--json")).AsArray().Single(j => j!["deployment"]?.GetValue<string>() == id)!;
        Assert.Equal("the registry was away", listed["reason"]!.GetValue<string>());
        var replayed = Installation.Json(await Slipway.RunAsync("failed-jobs", "replay", $"{listed["sequence"]}", "--json"));
        var end = await Slipway.EndOfAsync(replayed["id"]!.GetValue<string>());
        Assert.Equal("ready", end.State);
        Assert.NotEqual(id, end.Id);
        Assert.DoesNotContain(Installation.Json(await Slipway.RunAsync("failed-jobs", "--json")).AsArray(), j => j!["deployment"]?.GetValue<string>() == id);
    }

    [Fact]
    public async Task A6_an_ordinary_failure_is_no_dead_letter_and_a_cancel_reaches_the_worker()
    {
        var before = Installation.Json(await Slipway.RunAsync("failed-jobs", "--json")).AsArray().Count;
        var (exit, end, ran) = await Slipway.DeployAsync(BusyboxApp.Create("RUN exit 3"), "--project", "broken");
        Assert.True((exit, end["failure"]?["code"]?.GetValue<string>()) == (1, "build.step_failed"), ran.ToString());
        Assert.Equal(before, Installation.Json(await Slipway.RunAsync("failed-jobs", "--json")).AsArray().Count);

        var id = await SlowBuild.BeginAsync(Slipway, "unwanted");
        await Slipway.SaysAsync(id, "line-3-", byProgram: true);
        Assert.Equal(0, (await Slipway.RunAsync("cancel", id)).ExitCode);
        Assert.Equal("canceled", (await Slipway.EndOfAsync(id)).State);
        var log = await stack.LogAsync(id);
        Assert.Contains(log, l => l.Text.Contains("canceled: the running step was stopped", StringComparison.Ordinal));
        Assert.DoesNotContain(log, l => l.Text.Contains($"line-{SlowBuild.Lines}-", StringComparison.Ordinal) && l.Stream != "system");
    }

    [Fact]
    public async Task A7_a_worker_that_is_told_to_stop_finishes_its_build()
    {
        var id = await SlowBuild.BeginAsync(Slipway, "drained");
        await Slipway.SaysAsync(id, "line-3-", byProgram: true);
        var worker = await stack.BuilderOfAsync(id);
        Assert.Equal(0, await worker.DrainAsync());
        var end = await Slipway.EndOfAsync(id);
        Assert.Equal(("ready", 1), (end.State, end.Attempt));
        await worker.ResumeAsync();
    }

    [Fact]
    public async Task A8_prometheus_sees_every_role()
    {
        await stack.Prometheus.UntilAsync("up", values => values.Length == 4 && values.All(v => v == 1));
        await stack.Prometheus.UntilAsync("slipway_queue_lag", values => values.Length == 3 && values.All(v => v == 0));
        // Nobody was refused anything by the NATS server that he needs.
        Assert.Empty(stack.Nats.Refusals);
    }
}
