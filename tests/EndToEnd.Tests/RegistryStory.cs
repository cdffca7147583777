using System.Text.RegularExpressions;
using EndToEnd.Tests.Bounded;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests;

/// <summary>A home whose images are kept in a registry that asks for a password.</summary>
internal sealed class RegistryHome(RegistryServer registry) : Installation(new Dictionary<string, string>
{
    ["Slipway__Registry__Address"] = registry.Address,
    ["Slipway__Registry__Username"] = RegistryServer.Username,
    ["Slipway__Registry__PasswordFile"] = registry.PasswordFile,
});

/// <summary>Pushed, pinned by digest, fetched again where it is missing, and taken away with its deployment.</summary>
[Trait("needs", "engine")]
[Trait("needs", "root")]
[Trait("story", "registry")]
public sealed class RegistryStory
{
    [Fact]
    public async Task An_image_lives_in_the_registry_as_long_as_its_deployment()
    {
        await using var registry = await RegistryServer.StartAsync();
        await using var slipway = new RegistryHome(registry);
        await slipway.InitializeAsync();
        var app = BusyboxApp.Create();

        var (exit, first, ran) = await slipway.DeployAsync(app, "--project", "shipped");
        Assert.True(exit == 0, ran.ToString());
        Assert.Equal(200, (await slipway.GetAsync(first["url"]!.GetValue<string>())).Status);
        var pinned = Regex.Match(ran.ToString(), $"sealed as ({Regex.Escape(registry.Address)}/slipway-[0-9a-f]+/shipped@sha256:[0-9a-f]{{64}})").Groups[1].Value;
        Assert.NotEmpty(pinned);
        Assert.DoesNotContain(RegistryServer.Password, ran.ToString(), StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(app, "index.html"), "again");
        var (_, second, again) = await slipway.DeployAsync(app, "--project", "shipped", "--prod");
        Assert.Matches("1 layers sent, .*; [1-9][0-9]* were there already", again.ToString());

        // The engine loses container and image; both come back by the digest.
        var id = first["id"]!.GetValue<string>();
        await HostTool.RunAsync("docker", "rm", "-f", (await HostTool.RunAsync("docker", "ps", "-q", "--filter", $"label=slipway.deployment={id}")).Trim());
        await HostTool.RunAsync("docker", "image", "rm", "-f", pinned);
        await Looking.UntilAsync(() => IsServed(slipway, first["previewUrl"]!.GetValue<string>()).GetAwaiter().GetResult() ? "served" : null, TimeSpan.FromSeconds(60), "the image was fetched and started again");

        // Away for a while: what serves goes on, and a deployment waits for it.
        await registry.StopAsync();
        var waiting = slipway.DeployAsync(app, "--project", "shipped");
        await Looking.UntilAsync(() => waiting.IsCompleted || File.ReadAllText(Path.Combine(slipway.Home, "logs", "server.log")).Contains("does not answer", StringComparison.Ordinal) ? "seen" : null, TimeSpan.FromSeconds(60), "the registry is missed");
        Assert.Equal(200, (await slipway.GetAsync(second["url"]!.GetValue<string>())).Status);
        await registry.ResumeAsync();
        var (waitedExit, _, waited) = await waiting;
        Assert.True(waitedExit == 0, waited.ToString());

        // There, and so slow that it never answers: told with the reason, and no worse.
        await registry.FreezeAsync();
        await Looking.UntilAsync(async () => (await ReadyAsync(slipway))["registry"]!.GetValue<string>() is not "up" and var why ? why : null, TimeSpan.FromSeconds(60), "/health/ready tells of the registry");
        Assert.Equal(200, (await slipway.GetAsync(second["url"]!.GetValue<string>())).Status);
        await registry.ThawAsync();
        await Looking.UntilAsync(async () => (await ReadyAsync(slipway))["registry"]!.GetValue<string>() == "up" ? "up" : null, TimeSpan.FromSeconds(60), "and that it is back");

        var held = registry.DataBytes();
        Assert.Equal(0, (await slipway.RunAsync("rm", "shipped", "--yes")).ExitCode);
        await registry.StopAsync();
        await registry.CollectGarbageAsync();
        Assert.True(registry.DataBytes() < held / 10, $"{registry.DataBytes()} of {held} bytes are left");
        await registry.ResumeAsync();
        Directory.Delete(app, recursive: true);
    }

    [Fact]
    public async Task A_wrong_password_is_told_by_the_deployment_and_names_the_setting()
    {
        await using var registry = await RegistryServer.StartAsync();
        await File.WriteAllTextAsync(registry.PasswordFile, "another");
        await using var slipway = new RegistryHome(registry);
        await slipway.InitializeAsync();
        var app = BusyboxApp.Create();
        var (exit, end, ran) = await slipway.DeployAsync(app, "--project", "refused");
        Assert.True((exit, end["failure"]?["code"]?.GetValue<string>()) == (1, "ship.denied"), ran.ToString());
        Assert.Contains("Slipway:Registry:PasswordFile", ran.ToString(), StringComparison.Ordinal);
        Directory.Delete(app, recursive: true);
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> ReadyAsync(Installation slipway)
    {
        using var http = new HttpClient();
        return System.Text.Json.Nodes.JsonNode.Parse(await http.GetStringAsync($"{slipway.ApiAddress}/health/ready"))!;
    }

    private static async Task<bool> IsServed(Installation slipway, string url) => (await slipway.GetAsync(url)).Status == 200;
}
