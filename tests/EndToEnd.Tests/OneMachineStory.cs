using System.Text.Json.Nodes;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests;

/// <summary>A person's days with one machine: every example, again, failures, variables, cancel, kills, drain, removal.</summary>
[Collection(nameof(OneMachine))]
[Trait("needs", "engine")]
[Trait("story", "one-machine")]
public sealed class OneMachineStory(Installation slipway)
{
    // The largest is the stack's: ComposeStory.
    public static TheoryData<string> Examples() => [.. Directory.EnumerateDirectories(Path.Combine(Checkout.Root, "examples")).Select(Path.GetFileName).OfType<string>().Where(name => name != "next").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_does_what_its_expectation_says(string example)
    {
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Checkout.Example(example), "expect.json")))!;
        string[] root = expected["root"]?.GetValue<string>() is { } below ? ["--root", below] : [];
        var (exit, json, ran) = await slipway.DeployAsync([Checkout.Example(example), "--project", $"e2e-{example}", .. root]);
        if (expected["fails"]?.GetValue<string>() is { } code)
        {
            Assert.True(exit == 1, ran.ToString());
            Assert.Equal("error", json["state"]?.GetValue<string>());
            Assert.Equal(code, json["failure"]?["code"]?.GetValue<string>());
            if (expected["contains"]?.GetValue<string>() is { } said) Assert.Contains(said, ran.Error, StringComparison.Ordinal);
            return;
        }

        Assert.True(exit == 0, ran.ToString());
        var url = json["url"]!.GetValue<string>();
        await ExpectAsync(url, expected);
        foreach (var more in expected["also"]?.AsArray() ?? []) await ExpectAsync(url, more!);
        if (expected["spaPath"]?.GetValue<string>() is { } spa) Assert.Equal(200, (await slipway.GetAsync(url, spa)).Status);
    }

    [Fact]
    public async Task A_second_deployment_is_quick_and_becomes_production_only_when_asked()
    {
        var folder = Site("one");
        var first = await slipway.DeployAsync(folder, "--project", "e2e-again");
        Assert.True(first.ExitCode == 0, first.Ran.ToString());
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "two");
        var second = await slipway.DeployAsync(folder, "--project", "e2e-again");
        Assert.Equal("one", (await slipway.GetAsync(second.Json["productionUrl"]!.GetValue<string>())).Body);
        Assert.Equal("two", (await slipway.GetAsync(second.Json["url"]!.GetValue<string>())).Body);
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "three");
        var third = await slipway.DeployAsync(folder, "--project", "e2e-again", "--prod");
        Assert.Equal("three", (await slipway.GetAsync(third.Json["url"]!.GetValue<string>())).Body);
        Assert.Equal(third.Json["productionUrl"]!.GetValue<string>(), third.Json["url"]!.GetValue<string>());
        Assert.Equal("one", (await slipway.GetAsync(first.Json["previewUrl"]!.GetValue<string>())).Body);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_real_Prometheus_sees_what_is_deployed_and_visited()
    {
        var (server, token) = (new Uri(slipway.ApiAddress).Authority, Path.Combine(slipway.Home, "keys", "token"));
        await using var prometheus = await PrometheusServer.StartAsync(
            [new("slipway-server", server, TokenFile: token), new("slipway-edge", server, "/metrics/edge", token)], Path.Combine(Checkout.Root, "deploy/prometheus/slipway.rules.yml"));
        await prometheus.UntilAsync("up", up => up is [1, 1]);
        const string ready = "sum(slipway_deployment_transitions_total{to=\"ready\"}) or vector(0)";
        var before = (await prometheus.UntilAsync(ready, made => made.Length == 1))[0];

        var folder = Site("seen");
        var (exit, json, ran) = await slipway.DeployAsync(folder, "--project", "e2e-seen");
        Assert.True(exit == 0, ran.ToString());
        Assert.Equal("seen", (await slipway.GetAsync(json["url"]!.GetValue<string>())).Body);
        await prometheus.UntilAsync(ready, made => made is [var now] && now == before + 1);
        await prometheus.UntilAsync("slipway_build_duration_seconds_count{outcome=\"shipped\"}", builds => builds is [>= 1]);
        await prometheus.UntilAsync("count(slipway_stage_duration_seconds_count)", stages => stages is [6]);
        await prometheus.UntilAsync("slipway_log_lines_total", lines => lines is [> 10]);
        await prometheus.UntilAsync("slipway_instances{state=\"running\"}", running => running is [>= 1]);
        await prometheus.UntilAsync("slipway_edge_request_duration_seconds_count{class=\"2xx\",from=\"app\"}", answered => answered is [>= 1]);
        Assert.Empty(await prometheus.AskAsync("ALERTS{alertname=~\"SlipwayServerAway|SlipwayEdgeAway|SlipwayNobodyBuilds|SlipwayDeadLetters\"}"));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Variables_reach_build_and_run_and_a_secret_shows_nowhere()
    {
        var folder = App("""
            {"name":"vars","version":"1.0.0","private":true,"engines":{"node":"22"},"scripts":{"build":"node build.js","start":"node server.js"}}
            """, "require('fs').writeFileSync('built.txt', 'built with ' + process.env.BUILD_WORD + ' ' + (process.env.SECRET_WORD || '').length)",
            "require('http').createServer((q,s)=>s.end(require('fs').readFileSync('built.txt')+' ran with '+process.env.RUN_WORD)).listen(process.env.PORT)");
        var first = await slipway.DeployAsync(folder, "--project", "e2e-vars", "--env", "BUILD_WORD=a b'c");
        Assert.True(first.ExitCode == 0, first.Ran.ToString());
        Assert.Equal("built with a b'c 0 ran with undefined", (await slipway.GetAsync(first.Json["url"]!.GetValue<string>())).Body);

        const string secret = "s3cr3t-w0rd-of-17";
        Assert.Equal(0, (await slipway.RunWithInputAsync(secret, "env", "set", "SECRET_WORD", "--project", "e2e-vars")).ExitCode);
        Assert.Equal(0, (await slipway.RunWithInputAsync("late", "env", "set", "RUN_WORD", "--project", "e2e-vars", "--phase", "run")).ExitCode);
        var second = await slipway.DeployAsync(folder, "--project", "e2e-vars", "--prod");
        Assert.True(second.ExitCode == 0, second.Ran.ToString());
        Assert.Equal($"built with undefined {secret.Length} ran with late", (await slipway.GetAsync(second.Json["url"]!.GetValue<string>())).Body);
        var log = await slipway.RunAsync("logs", second.Json["id"]!.GetValue<string>());
        Assert.DoesNotContain(secret, log.Output + second.Ran, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, (await slipway.RunAsync("env", "ls", "--project", "e2e-vars", "--json")).Output, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_running_build_can_be_canceled()
    {
        var folder = App("""{"name":"slow","version":"1.0.0","private":true,"engines":{"node":"22"},"scripts":{"build":"node build.js","start":"node server.js"}}""", "console.log('begun');setTimeout(()=>{},600000)", "");
        using var deploy = slipway.Start("deploy", folder, "--project", "e2e-cancel", "--json");
        var id = await slipway.NewestAsync("e2e-cancel");
        await slipway.SaysAsync(id, "begun", byProgram: true);
        Assert.Equal(0, (await slipway.RunAsync("cancel", id)).ExitCode);
        var end = await slipway.EndOfAsync(id, TimeSpan.FromSeconds(30));
        Assert.Equal("canceled", end.State);
        await deploy.WaitForExitAsync();
        Assert.Equal(1, deploy.ExitCode);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Draining_hands_a_build_back_and_the_next_server_finishes_it()
    {
        var folder = App("""{"name":"drain","version":"1.0.0","private":true,"engines":{"node":"22"},"scripts":{"build":"node build.js","start":"node server.js"}}""",
            $"console.log('begun {Guid.NewGuid()}');setTimeout(()=>{{}},8000)", "require('http').createServer((q,s)=>s.end('drained')).listen(process.env.PORT)");
        using var deploy = slipway.Start("deploy", folder, "--project", "e2e-drain", "--json");
        var id = await slipway.NewestAsync("e2e-drain");
        await slipway.SaysAsync(id, "begun", byProgram: true);
        Assert.Equal(0, (await slipway.RunAsync("down")).ExitCode);
        Assert.Equal(0, (await slipway.RunAsync("up")).ExitCode);
        var end = await slipway.EndOfAsync(id);
        Assert.True(end.State == "ready", end.Failure?.ToString());
        Assert.True(end.Attempt > 1);
        Assert.Equal("drained", (await slipway.GetAsync(end.Url)).Body);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task What_is_removed_stops_serving_and_says_so()
    {
        var folder = Site("kept");
        var kept = await slipway.DeployAsync(folder, "--project", "e2e-rm");
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "gone soon");
        var gone = await slipway.DeployAsync(folder, "--project", "e2e-rm");
        Assert.Equal(0, (await slipway.RunAsync("rm", gone.Json["id"]!.GetValue<string>(), "--json")).ExitCode);
        Assert.Equal(410, (await slipway.GetAsync(gone.Json["previewUrl"]!.GetValue<string>())).Status);
        Assert.Equal("kept", (await slipway.GetAsync(kept.Json["url"]!.GetValue<string>())).Body);
        Assert.Equal(0, (await slipway.RunAsync("rm", kept.Json["id"]!.GetValue<string>())).ExitCode);
        Assert.Equal(410, (await slipway.GetAsync(kept.Json["previewUrl"]!.GetValue<string>())).Status);
        Assert.Equal(0, (await slipway.RunAsync("rm", "e2e-rm", "--json")).ExitCode);
        Assert.Equal(404, (await slipway.GetAsync(kept.Json["url"]!.GetValue<string>())).Status);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Old_deployments_end_with_their_images_and_production_stays()
    {
        var folder = Site("0");
        var all = new List<JsonNode>();
        for (var i = 0; i < 5; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), $"{i}");
            all.Add((await slipway.DeployAsync(folder, "--project", "e2e-retention")).Json);
        }

        await slipway.UntilAsync(all[1]["id"]!.GetValue<string>(), d => d.State == "ended", TimeSpan.FromSeconds(30));
        Assert.Equal("0", (await slipway.GetAsync(all[0]["productionUrl"]!.GetValue<string>())).Body);
        foreach (var kept in all[2..]) Assert.Equal(200, (await slipway.GetAsync(kept["previewUrl"]!.GetValue<string>())).Status);
        var hash = new Uri(all[1]["previewUrl"]!.GetValue<string>()).Host[..8];
        await Looking.UntilAsync(async () => (await HostTool.RunAsync("docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}")).Contains($"e2e-retention:{hash}", StringComparison.Ordinal) ? null : "gone",
            TimeSpan.FromSeconds(30), "its image goes");
        Assert.Equal(410, (await slipway.GetAsync(all[1]["previewUrl"]!.GetValue<string>())).Status);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Status_says_what_runs_and_plan_needs_no_server()
    {
        var status = Installation.Json(await slipway.RunAsync("status", "--json"));
        Assert.Equal(slipway.ServerPid, status["server"]!["pid"]!.GetValue<int>());
        Assert.True(status["server"]!["rssBytes"]!.GetValue<long>() > 0);
        Assert.Equal($"http://127.0.0.1:{slipway.Port}", status["server"]!["edge"]!.GetValue<string>());
        var plan = Installation.Json(await Checkout.RunAsync(new Dictionary<string, string> { ["SLIPWAY_HOME"] = "/nowhere/at/all" }, null, TimeSpan.FromMinutes(1), "plan", Checkout.Example("vite"), "--json"));
        Assert.Equal("static", plan["output"]!["kind"]!.GetValue<string>());
        Assert.Contains("FROM", plan["dockerfile"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private async Task ExpectAsync(string url, JsonNode expected)
    {
        var path = expected["path"]?.GetValue<string>() ?? "/";
        var (status, body) = await slipway.GetAsync(url, path);
        Assert.True(status == (expected["status"]?.GetValue<int>() ?? 200), $"{path} answered {status}: {body[..Math.Min(300, body.Length)]}");
        if (expected["contains"]?.GetValue<string>() is { } text) Assert.Contains(text, body, StringComparison.Ordinal);
    }

    private static string Site(string text) => Folder(("index.html", text));

    private static string App(string package, string build, string server) => Folder(("package.json", package), ("build.js", build), ("server.js", server));

    private static string Folder(params (string Name, string Text)[] files)
    {
        var folder = Directory.CreateTempSubdirectory("e2e-app-").FullName;
        foreach (var (name, text) in files) File.WriteAllText(Path.Combine(folder, name), text);
        return folder;
    }
}
