using System.Text.Json.Nodes;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests;

/// <summary>What production keeps: over releases, a promotion and a release that does not get well; never seen by a preview.</summary>
[Collection(nameof(OneMachine))]
[Trait("needs", "engine")]
[Trait("story", "one-machine")]
public sealed class VolumeStory(Installation slipway)
{
    private const string Project = "e2e-keeps";

    private const string Server = """
        const fs = require('fs');
        if (fs.existsSync(__dirname + '/broken')) process.exit(1);
        require('http').createServer((q, s) => {
          if (q.url === '/visit') fs.appendFileSync('/data/visits', 'x');
          s.end(String(fs.existsSync('/data/visits') ? fs.readFileSync('/data/visits').length : 0));
        }).listen(process.env.PORT);
        """;

    [Fact]
    public async Task Production_keeps_its_data_and_one_has_it_at_a_time()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-keeps-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{"name":"keeps","private":true,"engines":{"node":"22"},"scripts":{"start":"node server.js"}}""");
        await File.WriteAllTextAsync(Path.Combine(folder, "server.js"), Server);
        await DeployAsync(folder, isProduction: true);
        var added = Installation.Json(await slipway.RunAsync("volume", "add", Project, "/data", "--json"));
        Assert.Equal(("data", "/data"), (added["name"]!.GetValue<string>(), added["path"]!.GetValue<string>()));

        var second = await DeployAsync(folder, isProduction: true);
        var url = second["productionUrl"]!.GetValue<string>();
        Assert.Equal("1", (await slipway.GetAsync(url, "/visit")).Body);

        // A preview begins with nothing, and gets the data once it is production; the old one gives it up.
        var preview = await DeployAsync(folder, isProduction: false);
        Assert.Equal("0", (await slipway.GetAsync(preview["previewUrl"]!.GetValue<string>())).Body);
        var promoted = await slipway.RunAsync("promote", preview["id"]!.GetValue<string>());
        Assert.True(promoted.ExitCode == 0, promoted.ToString());
        Assert.Equal("2", (await slipway.GetAsync(url, "/visit")).Body);

        await File.WriteAllTextAsync(Path.Combine(folder, "broken"), "");
        var (exit, broken, _) = await slipway.DeployAsync(folder, "--project", Project, "--prod");
        Assert.Equal(1, exit);
        Assert.Equal("3", (await slipway.GetAsync(url, "/visit")).Body);
        var log = (await slipway.RunAsync("logs", broken["id"]!.GetValue<string>())).Output;
        Assert.Contains($"{preview["id"]} stops before this one starts", log, StringComparison.Ordinal);
        Assert.Contains($"{preview["id"]} has the data again", log, StringComparison.Ordinal);

        Assert.Equal(0, (await slipway.RunAsync("rm", Project, "--yes")).ExitCode);
        Assert.DoesNotContain(added["engine"]!.GetValue<string>(), await HostTool.RunAsync("docker", "volume", "ls", "-q"), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private async Task<JsonNode> DeployAsync(string folder, bool isProduction)
    {
        var (exit, json, ran) = await slipway.DeployAsync([folder, "--project", Project, .. isProduction ? new[] { "--prod" } : []]);
        Assert.True(exit == 0, ran.ToString());
        return json;
    }
}
