using System.Text.Json.Nodes;
using EndToEnd.Tests.Bounded;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests.Compose;

/// <summary>What a person has after <c>slipway stack up</c>: deploy/compose.yaml, with images that Slipway made from Debian's packages.</summary>
public sealed class ComposeStack : Installation
{
    private const string Docker = "/usr/bin/docker";
    private JsonNode _up = new JsonObject();

    public override string ApiAddress => _up["api"]!.GetValue<string>();

    public override string Token => File.ReadAllText(Path.Combine(Stack, "data", "server", "keys", "token")).Trim();

    public override string HomeId => File.ReadAllText(Path.Combine(Stack, "data", "server", "home.id")).Trim();

    public string Stack => Path.Combine(Home, "stack");

    public override async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Home, "settings.json"), """
            {"Slipway": {"BaseImages": {"Source": "bootstrap"}, "Runtime": {"StopGrace": "00:00:02"}, "Build": {"MemoryMegabytes": 2048}, "Sleep": {"LookEvery": "00:00:01"}, "Pipeline": {"LeaseDuration": "00:00:06", "DrainTimeout": "00:00:02"}}}
            """);
        await BeginOnOneMachineAsync();
        Directory.CreateDirectory(Stack);
        // A variable that the user set is kept.
        await File.WriteAllTextAsync(Path.Combine(Stack, ".env"), "BACKUP_EVERY=00:00:20\nBACKUP_KEEP=2\n");
        await UpAsync();
    }

    /// <summary>What was deployed before there was a stack.</summary>
    public string AdoptedUrl { get; private set; } = "";

    private async Task BeginOnOneMachineAsync()
    {
        var up = await RunAsync("up");
        Assert.True(up.ExitCode == 0, up.ToString());
        var (exit, end, ran) = await DeployAsync(BusyboxApp.Create(), "--project", "adopted");
        Assert.True(exit == 0, ran.ToString());
        AdoptedUrl = end["previewUrl"]!.GetValue<string>();
        Assert.Equal(0, (await RunAsync("down")).ExitCode);
    }

    public async Task UpAsync()
    {
        var up = await RunAsync("stack", "up", "--port", $"{Port}", "--json");
        Assert.True(up.ExitCode == 0, up.ToString());
        _up = Json(up);
    }

    /// <summary>Of one service, by number where there are several.</summary>
    public async Task<string> ContainerAsync(string service, int number = 0) =>
        Json(await RunAsync("stack", "status", "--json"))["services"]!.AsArray().Where(s => s!["service"]!.GetValue<string>() == service).Select(s => s!["container"]!.GetValue<string>()).ElementAt(number);

    internal async Task<IReadOnlyList<(string Service, JsonNode Container)>> InspectAsync()
    {
        var found = new List<(string, JsonNode)>();
        foreach (var s in _up["services"]!.AsArray())
            found.Add((s!["service"]!.GetValue<string>(), JsonNode.Parse(await HostTool.RunAsync(Docker, "inspect", s["container"]!.GetValue<string>()))!.AsArray()[0]!));
        return found;
    }

    internal static async Task<int> PidOfAsync(string container) => int.Parse(await HostTool.RunAsync(Docker, "inspect", "--format", "{{.State.Pid}}", container), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>As a crash ends it: the engine's own kill would count as a person's wish.</summary>
    internal static async Task KillAsync(string container) => await HostTool.RunAsync("kill", "-9", $"{await PidOfAsync(container)}");

    /// <summary>All services well, as <c>stack status</c> says by its exit code.</summary>
    internal Task WellAsync() => Looking.UntilAsync(async () => (await RunAsync("stack", "status")).ExitCode == 0 ? "well" : null, TimeSpan.FromMinutes(2), "every service is well again");

    /// <summary>One of Slipway's roles by itself, as a user and with groups; its exit code and what it said.</summary>
    internal async Task<(int ExitCode, string Said)> RoleAsync(string roles, string user, string[] groups, params string[] mounts)
    {
        var image = (await File.ReadAllLinesAsync(Path.Combine(Stack, ".env"))).Single(l => l.StartsWith("SLIPWAY_IMAGE=", StringComparison.Ordinal)).Split('=', 2)[1];
        string[] arguments = [
            "run", "--rm", "--read-only", "--tmpfs", "/tmp", "--network", "none", "--user", user, .. groups.SelectMany(g => new[] { "--group-add", g }), .. mounts.SelectMany(m => new[] { "--volume", m }),
            "--env", "SLIPWAY_HOME=/tmp/home", .. mounts.Any(m => m.EndsWith(":/run/slipway", StringComparison.Ordinal)) ? new[] { "--env", "SLIPWAY_RUN=/run/slipway" } : [], image, "--roles", roles];
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(Docker, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (said, more) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await said + await more);
    }

    protected override Task StopAsync() => RunAsync("stack", "down");
}
