using System.Diagnostics;
using System.Globalization;
using EndToEnd.Tests.Bounded;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests.ZeroDowntime;

/// <summary>
/// Whatever dies in the middle of a release, server, edge, engine or the app itself, at a moment that chance chooses: the release ends
/// ready, the app serves, and there is one of it. <c>SLIPWAY_KILLS</c> makes it longer (eng/chaos).
/// </summary>
[Trait("needs", "engine")]
[Trait("needs", "root")]
[Trait("story", "zero-downtime")]
public sealed class ChaosStory(ITestOutputHelper output)
{
    private const string Project = "e2e-chaos";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly string[] Victims = Environment.GetEnvironmentVariable("SLIPWAY_VICTIMS")?.Split(',') ?? ["engine", "server", "instance", "edge"];

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("SLIPWAY_KILLS"), CultureInfo.InvariantCulture, out var n) ? n : 4;

    [Fact]
    public async Task Whatever_dies_the_release_ends_ready_and_one_instance_serves()
    {
        await using var engine = await OwnEngine.StartAsync();
        await using var slipway = new OwnEngineInstallation(engine);
        await slipway.InitializeAsync();
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        var url = await FirstAsync(slipway);
        for (var kill = 0; kill < Kills; kill++)
        {
            // Each once, then as it comes.
            var victim = kill < Victims.Length ? Victims[kill] : Victims[random.Next(Victims.Length)];
            var after = TimeSpan.FromMilliseconds(random.Next(3_000));
            try
            {
                await RoundAsync(slipway, engine, url, victim, after, random.Next());
            }
            catch (Exception e)
            {
                // At once: where the server is gone for good, ending the installation fails too, and its failure would be the one that is told.
                output.WriteLine($"{victim} killed {after.TotalMilliseconds:0} ms after the release began: {e.Message}\n{await HowItStandsAsync(slipway, engine)}");
                throw;
            }
        }
    }

    private async Task RoundAsync(Installation slipway, OwnEngine engine, string url, string victim, TimeSpan after, int text)
    {
        var before = await slipway.NewestAsync(Project);
        var folder = await AppAsync($"version {text}");
        var visitors = new Visitors(url, slipway.Port, isReadingOnly: true);
        var clock = Stopwatch.StartNew();
        string end;
        await using (visitors)
        {
            var releasing = slipway.RunAsync("deploy", folder, "--project", Project, "--prod");
            // Accepted: who is killed before that has promised nothing.
            var id = await Looking.UntilAsync(async () => await slipway.NewestAsync(Project) is { } newest && newest != before ? newest : null, Patience, "the release is accepted");
            await Task.Delay(after, TimeProvider.System, TestContext.Current.CancellationToken);
            await KillAsync(slipway, engine, victim, before);
            end = (await slipway.UntilAsync(id, d => d.State is "ready" or "error" or "canceled", Patience)) is { State: "ready" } ? id : throw new InvalidOperationException($"{victim} killed after {after.TotalMilliseconds:0} ms: {await releasing}");
            await releasing;
            await Looking.UntilAsync(async () => (await slipway.GetAsync(url)).Body == $"version {text}" ? "served" : null, Patience, $"version {text} after the {victim} was killed");
        }

        var running = (await DockerAsync(engine, "ps", "--quiet", "--filter", $"label=slipway.deployment={end}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Single(running);
        output.WriteLine($"{victim} killed {after.TotalMilliseconds:0} ms after the release began: ready and served {clock.ElapsedMilliseconds} ms after its begin, {visitors.Served.GetValueOrDefault("get")} pages, {visitors.Failures.Count} failed");
        // Nobody stands in for an edge that is gone. A request that meets a dying app twice is not sent a third time: the app may have died of it.
        var most = victim switch { "edge" => int.MaxValue, "instance" => 3, _ => 0 };
        Assert.True(visitors.Failures.Count <= most, $"{victim}: {string.Join("\n", visitors.Failures.Take(10))}");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>For whoever reads why it failed: the home is gone by then.</summary>
    private static async Task<string> HowItStandsAsync(Installation slipway, OwnEngine engine)
    {
        var logs = new[] { "server", "edge" }.SelectMany(role => File.ReadAllLines(Path.Combine(slipway.Home, "logs", $"{role}.log")).TakeLast(100).Prepend($"-- {role}.log"));
        Ran[] told = [await slipway.RunAsync("status"), await slipway.RunAsync("ls", Project, "--all"), await slipway.RunAsync("inspect", Project)];
        return string.Join('\n', [.. logs, .. told.Select(ran => ran.ToString()), await DockerAsync(engine, "ps", "--all")]);
    }

    private static async Task<string> FirstAsync(Installation slipway)
    {
        var folder = await AppAsync("version first");
        var (exit, json, ran) = await slipway.DeployAsync(folder, "--project", Project);
        Assert.True(exit == 0, ran.ToString());
        Directory.Delete(folder, recursive: true);
        return json["productionUrl"]!.GetValue<string>();
    }

    private static async Task<string> AppAsync(string page)
    {
        // A step that takes its time, so that chance finds it.
        var folder = BusyboxApp.Create("RUN sleep 1");
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), page);
        return folder;
    }

    /// <summary>As a crash does; what a supervisor would start again is started again.</summary>
    private static async Task KillAsync(Installation slipway, OwnEngine engine, string victim, string serving)
    {
        if (victim == "engine")
        {
            await engine.KillAsync();
            return;
        }

        var container = victim == "instance" ? (await DockerAsync(engine, "ps", "--quiet", "--filter", $"label=slipway.deployment={serving}")).Trim() : "";
        // It may have been relieved by the new one.
        if (victim == "instance" && container.Length == 0) return;
        var pid = victim switch
        {
            "server" => slipway.ServerPid,
            "edge" => slipway.EdgePid,
            _ => int.Parse(await DockerAsync(engine, "inspect", "--format", "{{.State.Pid}}", container), CultureInfo.InvariantCulture),
        };
        await HostTool.RunAsync("kill", "-9", $"{pid}");
        if (victim == "instance") return;
        await Looking.UntilAsync(() => Directory.Exists($"/proc/{pid}") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal) ? null : "gone", TimeSpan.FromSeconds(10), $"the {victim} is gone");
        var up = await slipway.RunAsync("up");
        Assert.True(up.ExitCode == 0, up.ToString());
    }

    private static Task<string> DockerAsync(OwnEngine engine, params string[] arguments) => HostTool.RunAsync("docker", ["-H", engine.Host, .. arguments]);
}
