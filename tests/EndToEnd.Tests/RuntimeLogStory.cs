using System.Diagnostics;
using System.Text.Json.Nodes;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests;

/// <summary>What an app prints while it serves, over a crash of the app and a restart of the server.</summary>
[Collection(nameof(OneMachine))]
[Trait("needs", "engine")]
[Trait("story", "one-machine")]
public sealed class RuntimeLogStory(Installation slipway)
{
    private const string Server = """
        console.log('up');
        require('http').createServer((q, s) => {
          console.error('asked for ' + q.url);
          if (q.url === '/crash') setTimeout(() => process.exit(1), 50);
          s.end('hello');
        }).listen(process.env.PORT);
        """;

    [Fact]
    public async Task The_apps_own_lines_are_read_and_followed()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-talks-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{"name":"talks","private":true,"engines":{"node":"22"},"scripts":{"start":"node server.js"}}""");
        await File.WriteAllTextAsync(Path.Combine(folder, "server.js"), Server);
        var (exit, json, ran) = await slipway.DeployAsync(folder, "--project", "e2e-talks");
        Assert.True(exit == 0, ran.ToString());
        var url = json["url"]!.GetValue<string>();

        await slipway.GetAsync(url, "/first");
        var read = await LinesAsync("asked for /first");
        Assert.Equal("out", read.Single(line => line!["text"]!.GetValue<string>() == "up")!["stream"]!.GetValue<string>());
        Assert.Equal("err", read.Single(line => line!["text"]!.GetValue<string>() == "asked for /first")!["stream"]!.GetValue<string>());

        // A command beside it: its words as they are, its exit code, its input, its place in the history.
        var inside = await slipway.RunAsync("exec", "e2e-talks", "--", "node", "-p", "process.env.PORT + ' ' + process.argv.length", "a b", "$HOME");
        Assert.Equal((0, "3000 3\n", ""), (inside.ExitCode, inside.Output, inside.Error));
        Assert.Equal(7, (await slipway.RunAsync("exec", "e2e-talks", "--", "node", "-e", "process.exit(7)")).ExitCode);
        Assert.Equal("HELLO", (await slipway.RunWithInputAsync("hello", "exec", "e2e-talks", "--", "node", "-e", "process.stdin.on('data', d => process.stdout.write(String(d).toUpperCase()))")).Output);
        var both = Installation.Json(await slipway.RunAsync("exec", "e2e-talks", "--json", "--", "node", "-e", "console.log('out'); console.error('err')"));
        Assert.Equal(("out\n", "err\n"), (both["output"]!.GetValue<string>(), both["errors"]!.GetValue<string>()));
        Assert.Equal(2, (await slipway.RunAsync("exec", "nobody", "--", "true")).ExitCode);

        // What it uses, and what its visitors were answered.
        var stats = Installation.Json(await slipway.RunAsync("stats", "e2e-talks", "--json")).AsArray().Single()!;
        Assert.Equal((Hash(json), "running", true), (stats["deployment"]!.GetValue<string>(), stats["state"]!.GetValue<string>(), stats["production"]!.GetValue<bool>()));
        Assert.InRange(stats["memoryBytes"]!.GetValue<long>(), 1 << 20, stats["memoryLimitBytes"]!.GetValue<long>());
        Assert.True(stats["cpuSeconds"]!.GetValue<double>() > 0);
        Assert.True(stats["requests"]!["2xx"]!.GetValue<long>() > 0);
        Assert.Contains(Hash(json), (await slipway.RunAsync("stats")).Output, StringComparison.Ordinal);

        using var follow = slipway.Start("logs", "e2e-talks", "--runtime", "-f", "--tail", "1", "--json");
        await UntilAsync(follow, "asked for /first");
        await slipway.GetAsync(url, "/crash");
        await UntilAsync(follow, "asked for /crash");
        await UntilAsync(follow, "up");
        Assert.Equal(0, (await slipway.RunAsync("down")).ExitCode);
        Assert.Equal(0, (await slipway.RunAsync("up")).ExitCode);
        await Looking.UntilAsync(async () => (await slipway.GetAsync(url, "/after")).Status == 200 ? "served" : null, TimeSpan.FromSeconds(60), "the app after its crash");
        await UntilAsync(follow, "asked for /after");

        // The project's follower goes on with the next deployment; the first one's lines stay, though its container is gone, each once.
        await File.WriteAllTextAsync(Path.Combine(folder, "server.js"), Server.Replace("'up'", "'up again'", StringComparison.Ordinal));
        var (redeployed, next, again) = await slipway.DeployAsync(folder, "--project", "e2e-talks", "--prod");
        Assert.True(redeployed == 0, again.ToString());
        await UntilAsync(follow, "up again");
        await RemoveContainerAsync(json["id"]!.GetValue<string>());
        // Brought back in a new container, it is followed there.
        var all = await LinesAsync("up", times: 3);
        Assert.Equal([Hash(json), Hash(next)], all.Select(line => line!["deployment"]!.GetValue<string>()).Distinct());
        foreach (var path in new[] { "/first", "/crash", "/after" }) Assert.Single(all, line => line!["text"]!.GetValue<string>() == $"asked for {path}");
        var own = await slipway.RunAsync("logs", Hash(next), "--runtime", "--since", "1h");
        Assert.Contains($"{Hash(next)} out  up again", own.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Hash(json), own.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await slipway.RunAsync("rm", "e2e-talks", "--yes")).ExitCode);
        await follow.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>All there are, once this one is among them: the server may be a moment behind the app.</summary>
    private Task<JsonArray> LinesAsync(string text, int times = 1) => Looking.UntilAsync(async () =>
    {
        var lines = Installation.Json(await slipway.RunAsync("logs", "e2e-talks", "--runtime", "--json")).AsArray();
        return lines.Count(line => line!["text"]!.GetValue<string>() == text) >= times ? lines : null;
    }, TimeSpan.FromSeconds(30), text);

    private static string Hash(JsonNode deployment) => new Uri(deployment["previewUrl"]!.GetValue<string>()).Host.Split('-')[0];

    private static async Task RemoveContainerAsync(string deployment)
    {
        var ids = await HostTool.RunAsync("/usr/bin/docker", "ps", "-aq", "--filter", $"label=slipway.deployment={deployment}");
        await HostTool.RunAsync("/usr/bin/docker", "rm", "-f", ids.Trim());
    }

    private static async Task UntilAsync(Process follow, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await follow.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            if (JsonNode.Parse(line)?["text"]?.GetValue<string>() == text) return;
        Assert.Fail($"it ended before it said: {text}");
    }
}
