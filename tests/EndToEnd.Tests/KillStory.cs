using System.Diagnostics;
using Slipway.Testing.Hosting;
using Slipway.Testing.Sourcing;

namespace EndToEnd.Tests;

/// <summary>
/// The server is killed -9 in the middle of each stage, at a place that the test holds it at: by the source's server, by the
/// planner's first read, by the engine's socket, by a stopped edge. The next server ends what was begun: once, and with nothing lost.
/// </summary>
[Trait("needs", "engine")]
[Trait("story", "one-machine")]
public sealed class KillStory(GatedInstallation gated) : IClassFixture<GatedInstallation>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Installation _slipway = gated.Slipway;

    [Fact]
    public async Task Killed_while_it_is_queued()
    {
        using var busy = new App(wait: 600);
        using var app = new App();
        using var first = _slipway.Start("deploy", busy.Folder, "--project", "kill-busy", "--json");
        var running = await _slipway.NewestAsync("kill-busy");
        await _slipway.UntilAsync(running, d => d.State == "building", Patience);
        using var second = _slipway.Start("deploy", app.Folder, "--project", "kill-queued", "--json");
        var waiting = await _slipway.NewestAsync("kill-queued");
        Assert.Equal("queued", (await _slipway.Api.GetDeploymentAsync(waiting, CancellationToken.None)).State);
        await KilledAndUpAsync();
        await _slipway.RunAsync("cancel", running);
        await LiveOnceAsync("kill-queued", waiting, app);
    }

    [Fact]
    public async Task Killed_while_it_fetches()
    {
        await using var git = await GitServer.StartAsync();
        using var app = new App();
        var repository = await git.RepositoryAsync("kill");
        await repository.CommitAsync(app.Files, "to be killed");
        var asked = new TaskCompletionSource();
        git.Instead = async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        using var deploy = _slipway.Start("deploy", git.Url("kill"), "--project", "kill-fetch", "--json");
        await asked.Task.WaitAsync(Patience);
        await KilledAndUpAsync(() => git.Instead = null);
        await LiveOnceAsync("kill-fetch", await _slipway.NewestAsync("kill-fetch"), app);
    }

    [Fact]
    public async Task Killed_while_it_plans()
    {
        using var app = new App();
        var read = new TaskCompletionSource();
        // The planner is the first to read what was unpacked: inotify tells of that read as it happens.
        using var watcher = new FileSystemWatcher(Path.Combine(_slipway.Home, "work"), "package.json") { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.LastAccess };
        watcher.Changed += (_, _) =>
        {
            Kill();
            read.TrySetResult();
        };
        watcher.EnableRaisingEvents = true;
        using var deploy = _slipway.Start("deploy", app.Folder, "--project", "kill-plan", "--json");
        await read.Task.WaitAsync(Patience);
        watcher.EnableRaisingEvents = false;
        await UpAsync();
        await LiveOnceAsync("kill-plan", await _slipway.NewestAsync("kill-plan"), app);
    }

    [Theory]
    [InlineData("build-session", "^POST [^ ]*/session", false)]
    [InlineData("sealed-unheard", "^GET [^ ]*/images/slipway[^ ]*kill-sealed-unheard[^ ]*/json", true)]
    [InlineData("create-asked", "^POST [^ ]*/containers/create", false)]
    [InlineData("created-unheard", "^POST [^ ]*/containers/create", true)]
    [InlineData("start-asked", "^POST [^ ]*/containers/[^ ]*/start", false)]
    [InlineData("started-unheard", "^POST [^ ]*/containers/[^ ]*/start", true)]
    public async Task Killed_while_the_engine_is_asked(string place, string request, bool afterTheEngine)
    {
        using var app = new App();
        var hold = gated.Gate.Close(request, afterTheEngine);
        using var deploy = _slipway.Start("deploy", app.Folder, "--project", $"kill-{place}", "--json");
        await hold.Reached.WaitAsync(Patience);
        await KilledAndUpAsync(gated.Gate.Open);
        await LiveOnceAsync($"kill-{place}", await _slipway.NewestAsync($"kill-{place}"), app);
    }

    [Fact]
    public async Task Killed_while_it_reaches_for_the_builder()
    {
        // One connection serves all builds of a server, so a new server is needed to see it made.
        await KilledAndUpAsync();
        await Killed_while_the_engine_is_asked("build-asked", "^POST [^ ]*/grpc", afterTheEngine: false);
    }

    [Fact]
    public async Task Killed_while_a_step_runs()
    {
        using var app = new App(wait: 4);
        using var deploy = _slipway.Start("deploy", app.Folder, "--project", "kill-step", "--json");
        var id = await _slipway.NewestAsync("kill-step");
        await _slipway.SaysAsync(id, app.Says);
        await KilledAndUpAsync();
        await LiveOnceAsync("kill-step", id, app);
    }

    [Fact]
    public async Task Killed_while_it_waits_for_the_instance()
    {
        using var app = new App(listensAfter: 3);
        using var deploy = _slipway.Start("deploy", app.Folder, "--project", "kill-health", "--json");
        var id = await _slipway.NewestAsync("kill-health");
        await _slipway.UntilAsync(id, d => d.State == "deploying", Patience);
        await KilledAndUpAsync();
        await LiveOnceAsync("kill-health", id, app);
    }

    [Fact]
    public async Task Killed_while_it_routes_and_what_served_goes_on()
    {
        using var first = new App();
        var served = await _slipway.DeployAsync(first.Folder, "--project", "kill-route");
        Assert.True(served.ExitCode == 0, served.Ran.ToString());
        using var next = new App(listensAfter: 2);
        using var deploy = _slipway.Start("deploy", next.Folder, "--project", "kill-route", "--prod", "--json");
        var id = await _slipway.NewestAsync("kill-route", than: served.Json["id"]!.GetValue<string>());
        await _slipway.UntilAsync(id, d => d.State == "deploying", Patience);
        // The edge holds still, so the table that is sent to it now is never acknowledged.
        Signal(_slipway.EdgePid, "STOP");
        await _slipway.SaysAsync(id, "the instance answered");
        Kill();
        Signal(_slipway.EdgePid, "CONT");
        Assert.Equal(200, (await _slipway.GetAsync(served.Json["previewUrl"]!.GetValue<string>())).Status);
        await UpAsync();
        await LiveOnceAsync("kill-route", id, next);
    }

    [Fact]
    public async Task Killed_when_it_is_ready_visitors_notice_nothing()
    {
        using var app = new App();
        var live = await _slipway.DeployAsync(app.Folder, "--project", "kill-ready");
        Assert.True(live.ExitCode == 0, live.Ran.ToString());
        var url = live.Json["url"]!.GetValue<string>();
        Kill();
        Assert.Equal(app.Says, (await _slipway.GetAsync(url)).Body);
        await UpAsync();
        Assert.Equal(app.Says, (await _slipway.GetAsync(url)).Body);
        await LiveOnceAsync("kill-ready", live.Json["id"]!.GetValue<string>(), app);
    }

    /// <summary>Ready, answering, and there once: one deployment in the store, one container in the engine, no line twice in an attempt.</summary>
    private async Task LiveOnceAsync(string project, string id, App app)
    {
        var end = await _slipway.EndOfAsync(id);
        Assert.True(end.State == "ready", $"{end.State}: {end.Failure?.Code} {end.Failure?.Message}");
        Assert.Equal(app.Says, (await _slipway.GetAsync(end.Url)).Body);
        Assert.Single((await _slipway.Api.ListDeploymentsAsync(project, 10, all: true, CancellationToken.None)), d => d.Id == id);
        Assert.Single((await HostTool.RunAsync("docker", "ps", "--all", "--quiet", "--filter", $"label=slipway.deployment={id}")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var said = (await _slipway.RunAsync("logs", id)).Output.Split('\n');
        Assert.Single(said, line => line.Contains("ready after", StringComparison.Ordinal));
        await _slipway.Api.RemoveProjectAsync(project, CancellationToken.None);
    }

    private void Kill() => Process.GetProcessById(_slipway.ServerPid).Kill();

    private async Task KilledAndUpAsync(Action? between = null)
    {
        Kill();
        between?.Invoke();
        await UpAsync();
    }

    private async Task UpAsync()
    {
        var up = await _slipway.RunAsync("up");
        Assert.True(up.ExitCode == 0, up.ToString());
    }

    private static void Signal(int pid, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        kill.WaitForExit();
    }

    /// <summary>A small server of its own words: what it says is nowhere in a cache, so each build is a real one.</summary>
    private sealed class App : IDisposable
    {
        public App(int wait = 0, int listensAfter = 0)
        {
            Files = new Dictionary<string, string>
            {
                ["package.json"] = """{"name":"kill","version":"1.0.0","private":true,"engines":{"node":"22"},"scripts":{"build":"node build.js","start":"node server.js"}}""",
                ["build.js"] = $"console.log('{Says}');setTimeout(()=>{{}},{wait * 1000})",
                ["server.js"] = $"setTimeout(()=>require('http').createServer((q,s)=>s.end('{Says}')).listen(process.env.PORT),{listensAfter * 1000})",
            };
            foreach (var (name, text) in Files) File.WriteAllText(Path.Combine(Folder, name), text);
        }

        public string Says { get; } = $"alive {Guid.NewGuid():N}";

        public string Folder { get; } = Directory.CreateTempSubdirectory("e2e-kill-").FullName;

        public Dictionary<string, string> Files { get; }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
