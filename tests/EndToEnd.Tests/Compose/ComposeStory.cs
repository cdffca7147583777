using System.Diagnostics;
using System.Text.Json.Nodes;
using EndToEnd.Tests.Bounded;
using EndToEnd.Tests.Production;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests.Compose;

/// <summary>The production stack by its compose file, as it is shipped: no service is root, each socket and secret is just for those who need it, and it heals itself.</summary>
[Trait("needs", "engine")]
[Trait("needs", "root")]
[Trait("story", "compose")]
[TestMethodOrderer(typeof(InOrder))]
public sealed class ComposeStory(ComposeStack stack) : IClassFixture<ComposeStack>
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly string[] Raised = ["edge", "fence"];

    [Fact]
    public async Task A0_no_service_is_root_and_each_is_fenced_in()
    {
        var services = await stack.InspectAsync();
        Assert.Equal(["backup", "edge", "fence", "nats", "postgres", "prometheus", "registry", "server", "worker", "worker"], services.Select(s => s.Service).Order());
        foreach (var (service, container) in services)
        {
            var (host, pid) = (container["HostConfig"]!, container["State"]!["Pid"]!.GetValue<int>());
            Assert.Matches(@"Uid:\s+(4742\d)\s+\1\s+\1\s+\1", await File.ReadAllTextAsync($"/proc/{pid}/status"));
            Assert.True(host["Memory"]!.GetValue<long>() > 0 && host["NanoCpus"]!.GetValue<long>() > 0 && host["PidsLimit"]!.GetValue<long>() > 0, $"{service} has no limits");
            Assert.True(host["ReadonlyRootfs"]!.GetValue<bool>() && !host["Privileged"]!.GetValue<bool>(), service);
            Assert.Equal("[\"ALL\"]", host["CapDrop"]!.ToJsonString());
            Assert.Equal(service switch { "edge" => 1, "fence" => 2, _ => 0 }, host["CapAdd"]?.AsArray().Count ?? 0);
            Assert.Equal(!Raised.Contains(service), host["SecurityOpt"]?.AsArray().Any(o => o!.GetValue<string>().StartsWith("no-new-privileges", StringComparison.Ordinal)) ?? false);
            var published = host["PortBindings"]?.AsObject().SelectMany(p => p.Value!.AsArray()).Select(b => b!["HostIp"]!.GetValue<string>()).ToArray() ?? [];
            Assert.Equal(service == "registry" ? ["127.0.0.1"] : [], published);
        }
    }

    [Fact]
    public async Task A1_three_sockets_and_three_users()
    {
        var engine = await WorkerProcess.EngineGroupAsync();
        const string socket = "/var/run/docker.sock:/var/run/docker.sock";
        var run = $"{stack.Stack}/data/run:/run/slipway";

        // Each refusal is told, all that is missing at once, with the group that lets it in.
        var (exit, said) = await stack.RoleAsync("api,worker,runtime,dashboard", "47421:47421", [], socket, run);
        Assert.True(exit == 2, said);
        Assert.Contains($"the run folder /run/slipway may not be written by user 47421 (groups 47421): it is of user 47422, group 47420, mode 0770; give this process that group (in compose group_add: [\"47420\"])", said, StringComparison.Ordinal);
        Assert.Contains($"the Docker Engine's socket at /var/run/docker.sock may not be opened by user 47421 (groups 47421): it is of user 0, group {engine}", said, StringComparison.Ordinal);
        (exit, said) = await stack.RoleAsync("worker", "47423:47423", [], socket);
        Assert.True(exit == 2, said);
        Assert.Contains($"group_add: [\"{engine}\"]", said, StringComparison.Ordinal);
        (exit, said) = await stack.RoleAsync("fence", "47428:47428", [], socket);
        Assert.True(exit == 2, said);
        Assert.Contains("may not be opened by user 47428", said, StringComparison.Ordinal);
        // With the groups it is the next thing that is missing, and no socket any more.
        (exit, said) = await stack.RoleAsync("worker", "47423:47423", [engine], socket);
        Assert.Equal(2, exit);
        Assert.Contains("Slipway:Nats:Url", said, StringComparison.Ordinal);
        Assert.DoesNotContain("socket", said, StringComparison.Ordinal);

        // Nothing is open to everybody.
        Assert.Equal("660", (await HostTool.RunAsync("stat", "-c", "%a", $"{stack.Stack}/data/run/edge.sock")).Trim());
        Assert.EndsWith("0", (await HostTool.RunAsync("stat", "-c", "%a", "/var/run/docker.sock")).Trim(), StringComparison.Ordinal);
        var open = await HostTool.RunAsync("find", $"{stack.Stack}/secrets", $"{stack.Stack}/data", $"{stack.Stack}/backups", "-mindepth", "2", "-type", "f", "-path", "*secrets*", "-perm", "/077");
        Assert.Equal("", open);
        Assert.Equal(["ca.pem", "metrics-token", "nats-key.pem", "nats-password", "nats.pem", "registry-password"], Directory.EnumerateFiles($"{stack.Stack}/secrets/worker").Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A1_another_homes_stack_is_not_taken_over()
    {
        var home = Directory.CreateTempSubdirectory("slipway-second-").FullName;
        var refused = await Checkout.RunAsync(new Dictionary<string, string> { ["SLIPWAY_HOME"] = home }, null, Minute, "stack", "up", "--port", "9");
        Assert.True(refused.ExitCode == 3 && refused.Error.Contains($"sudo env SLIPWAY_HOME={stack.Home} slipway stack down", StringComparison.Ordinal), refused.ToString());
        Assert.False(Directory.Exists(Path.Combine(home, "stack")));
        await stack.WellAsync();
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task A2_what_one_machine_served_the_stack_serves()
    {
        Assert.Equal((200, "hello"), await stack.GetAsync(stack.AdoptedUrl));
        var projects = await stack.Api.ListProjectsAsync(CancellationToken.None);
        Assert.Contains(projects, p => p.Name == "adopted");
        Assert.Equal(File.ReadAllText(Path.Combine(stack.Home, "home.id")).Trim(), stack.HomeId);
        Assert.False(File.Exists(Path.Combine(stack.Stack, "adoption-pending")));
        Assert.True(File.Exists(Path.Combine(stack.Home, "slipway.db")));
    }

    [Fact]
    public async Task A2_the_next_example_goes_live()
    {
        var (exit, end, ran) = await stack.DeployAsync(Checkout.Example("next"));
        Assert.True(exit == 0, ran.ToString());
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Checkout.Example("next"), "expect.json")))!;
        foreach (var page in new[] { expected }.Concat(expected["also"]!.AsArray().OfType<JsonNode>()))
        {
            var (status, body) = await stack.GetAsync(end["previewUrl"]!.GetValue<string>(), page["path"]!.GetValue<string>());
            Assert.Equal(page["status"]!.GetValue<int>(), status);
            Assert.Contains(page["contains"]?.GetValue<string>() ?? "", body, StringComparison.Ordinal);
        }

        Assert.Contains("sealed as 127.0.0.1:", ran.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A3_a_killed_worker_and_a_killed_nats_lose_nothing()
    {
        var id = await SlowBuild.BeginAsync(stack, "killed");
        await stack.SaysAsync(id, "line-5-", byProgram: true);
        var worker = (await stack.WorkerOfAsync(id)).Split(':')[0];
        await ComposeStack.KillAsync(worker);
        await ComposeStack.KillAsync(await stack.ContainerAsync("nats"));
        await stack.UntilAsync(id, d => d.Attempt > 1, Minute);
        var end = await stack.EndOfAsync(id);
        Assert.True(end.State == "ready", $"{end.State}: {end.Failure?.Message}");
        var log = await TextsAsync(id);
        var again = log.FindIndex(l => l.Contains("the one before did not come to its end", StringComparison.Ordinal));
        Assert.True(again > 0, string.Join('\n', log));
        SlowBuild.AssertOnce(log.Skip(again), isWhole: true);
        await stack.WellAsync();
    }

    [Fact]
    public async Task A4_logs_in_the_database_are_on_the_page()
    {
        var id = await SlowBuild.BeginAsync(stack, "unseen");
        await stack.SaysAsync(id, "line-5-", byProgram: true);
        await ComposeStack.KillAsync(await stack.ContainerAsync("server"));
        await stack.WellAsync();
        // By the stream that the page reads, from a control plane that was away.
        var end = await stack.EndOfAsync(id);
        Assert.True(end is { State: "ready", Attempt: 1 }, $"{end.State} {end.Attempt}: {end.Failure?.Message}");
        SlowBuild.AssertOnce(await TextsAsync(id), isWhole: true);
    }

    [Fact]
    public async Task A4_a_step_that_wants_all_the_memory_is_stopped_and_told_so()
    {
        // It ends by itself at three gigabytes, whatever holds it.
        var app = BusyboxApp.Create("RUN head -c 2900000000 /dev/zero | tail -c 2800000000 > /dev/null");
        var (exit, end, ran) = await stack.DeployAsync(app, "--project", "hungry");
        Assert.True((exit, end["failure"]?["code"]?.GetValue<string>()) == (1, "build.out_of_memory"), ran.ToString());
        Assert.DoesNotContain("NOT limited", ran.ToString(), StringComparison.Ordinal);
        Directory.Delete(app, recursive: true);
    }

    [Fact]
    public async Task A5_a_frozen_app_wakes_while_the_control_plane_is_away()
    {
        var app = (await stack.Api.ListDeploymentsAsync(null, 10, all: true, CancellationToken.None)).First(d => d is { Project: "unseen", State: "ready" });
        Assert.Equal(0, (await stack.RunAsync("sleep", "unseen", "--after", "1s", "--production", "on")).ExitCode);
        await stack.UntilAsync(app.Id, d => d.Asleep, Minute);
        var container = (await HostTool.RunAsync("/usr/bin/docker", "ps", "--quiet", "--filter", $"label=slipway.deployment={app.Id}")).Trim();
        // By its cgroup, of which the engine knows nothing.
        Assert.Equal("false", (await HostTool.RunAsync("/usr/bin/docker", "inspect", "--format", "{{.State.Paused}}", container)).Trim());
        Assert.Equal("660", (await HostTool.RunAsync("stat", "-c", "%a", $"{stack.Stack}/data/run/companion.sock")).Trim());

        var server = await stack.ContainerAsync("server");
        await HostTool.RunAsync("/usr/bin/docker", "stop", server);
        Assert.Equal(200, (await stack.GetAsync(app.PreviewUrl)).Status);
        await HostTool.RunAsync("/usr/bin/docker", "start", server);
        await stack.WellAsync();
    }

    [Fact]
    public async Task A5_an_app_reaches_neither_the_stack_nor_this_host()
    {
        var pid = await HostTool.RunAsync("/usr/bin/docker", "ps", "--quiet", "--filter", $"label=slipway.home={stack.HomeId}");
        var app = $"{await ComposeStack.PidOfAsync(pid.Split('\n')[0])}";
        foreach (var door in new[] { stack.ApiAddress, $"http://{new Uri(stack.ApiAddress).Host[..^2]}1:{stack.Port}", "http://169.254.169.254" })
        {
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => HostTool.RunAsync("nsenter", "-t", app, "-n", "curl", "-sS", "-m", "3", "-o", "/dev/null", door));
            Assert.Contains("Couldn't connect", refused.Message, StringComparison.Ordinal);
        }

        var roles = Installation.Json(await stack.RunAsync("status", "--json"))["roles"]!.AsArray();
        Assert.Equal("builds and apps are fenced by the service fence", roles.Single(r => r!["name"]!.GetValue<string>() == "firewall")!["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task A6_prometheus_sees_every_role()
    {
        var prometheus = await stack.ContainerAsync("prometheus");
        await Looking.UntilAsync(async () =>
        {
            var up = JsonNode.Parse(await HostTool.RunAsync("/usr/bin/docker", "exec", prometheus, "wget", "-q", "-O", "-", "http://127.0.0.1:9090/api/v1/query?query=up"))!["data"]!["result"]!.AsArray();
            return up.Count == 4 && up.All(t => t!["value"]![1]!.GetValue<string>() == "1") && up.Select(t => t!["metric"]!["job"]!.GetValue<string>()).Distinct().Count() == 3 ? "all" : null;
        }, Minute, "server, edge and two workers are scraped");
    }

    [Fact]
    public async Task A7_a_backup_that_nobody_took_restores()
    {
        var taken = TimeProvider.System.GetUtcNow();
        var newest = await Looking.UntilAsync(() => Directory.EnumerateFiles($"{stack.Stack}/backups", "slipway-*.db").Where(f => File.GetLastWriteTimeUtc(f) > taken).Max(), Minute, "a new backup");
        Assert.InRange(Directory.EnumerateFiles($"{stack.Stack}/backups", "slipway-*.db").Count(), 1, 3);
        var home = Directory.CreateTempSubdirectory("slipway-restored-").FullName;
        Directory.CreateDirectory(Path.Combine(home, "keys"));
        File.Copy($"{stack.Stack}/data/server/keys/master.key", Path.Combine(home, "keys", "master.key"));
        var ran = await Checkout.RunAsync(new Dictionary<string, string> { ["SLIPWAY_HOME"] = home }, null, Minute, "restore", newest, "--json");
        Assert.True(ran.ExitCode == 0, ran.ToString());
        Assert.Contains(Installation.Json(ran)["tables"]!.AsArray(), t => t!["table"]!.GetValue<string>().Equals("projects", StringComparison.OrdinalIgnoreCase) && t["after"]!.GetValue<long>() >= 3);
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public async Task A7_the_stack_is_as_its_backup_has_it()
    {
        var file = Path.Combine(stack.Home, "monday.db");
        Assert.Equal(0, (await stack.RunAsync("backup", file)).ExitCode);
        Assert.Equal("600", (await HostTool.RunAsync("stat", "-c", "%a", file)).Trim());
        Assert.Equal(0, (await stack.RunAsync("rm", "adopted", "--yes")).ExitCode);

        var refused = await stack.RunAsync("restore", file);
        Assert.True(refused.ExitCode == 3 && refused.Error.Contains("--force", StringComparison.Ordinal), refused.ToString());
        var restored = await stack.RunAsync("restore", file, "--force");
        Assert.True(restored.ExitCode == 0, restored.ToString());
        await stack.WellAsync();
        // Removed with its image: it is pulled from the registry or built again, but the project and its history are back at once.
        Assert.Contains(await stack.Api.ListProjectsAsync(CancellationToken.None), p => p.Name == "adopted");
        var (exit, end, ran) = await stack.DeployAsync(BusyboxApp.Create(), "--project", "adopted");
        Assert.True(exit == 0, ran.ToString());
        Assert.Equal(200, (await stack.GetAsync(end["previewUrl"]!.GetValue<string>())).Status);
        Assert.Empty(Directory.EnumerateFiles($"{stack.Stack}/backups", ".*"));
    }

    [Fact]
    public async Task A8_down_and_up_again_keeps_everything()
    {
        var ready = (await stack.Api.ListDeploymentsAsync(null, 10, all: true, CancellationToken.None)).First(d => d.State == "ready");
        Assert.Equal(0, (await stack.RunAsync("stack", "down")).ExitCode);
        var refused = await stack.RunAsync("ls");
        Assert.Contains("slipway stack up", refused.Error, StringComparison.Ordinal);
        var clock = Stopwatch.StartNew();
        await stack.UpAsync();
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"{clock.Elapsed}");
        Assert.Equal(200, (await stack.GetAsync(ready.PreviewUrl)).Status);
    }

    private async Task<List<string>> TextsAsync(string id)
    {
        using var api = stack.Api;
        var all = new List<Slipway.Client.LogLineView>();
        while (await api.LogsAsync(id, all.Count == 0 ? 0 : all[^1].Sequence, CancellationToken.None) is { Count: > 0 } page) all.AddRange(page);
        return [.. all.Select(l => l.Text)];
    }
}
