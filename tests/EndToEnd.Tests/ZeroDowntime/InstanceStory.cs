using System.Diagnostics;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests.ZeroDowntime;

/// <summary>An instance that is killed or taken away under us is there again by itself, and who only reads waits a second instead of being turned away.</summary>
[Collection(nameof(OneMachine))]
[Trait("needs", "engine")]
[Trait("story", "zero-downtime")]
public sealed class InstanceStory(Installation slipway, ITestOutputHelper output)
{
    [Fact]
    public async Task What_ends_an_instance_from_outside_is_made_good()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-killed-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "version here");
        var (exit, json, ran) = await slipway.DeployAsync(folder, "--project", "e2e-killed");
        Assert.True(exit == 0, ran.ToString());
        var (id, url) = (json["id"]!.GetValue<string>(), json["url"]!.GetValue<string>());

        var visitors = new Visitors(url, slipway.Port, isReadingOnly: true);
        await using (visitors)
        {
            foreach (var command in new string[][] { ["kill"], ["rm", "-f"], ["stop", "-t", "0"] })
            {
                var before = await RunningAsync(id) ?? throw new InvalidOperationException("it does not run");
                var clock = Stopwatch.StartNew();
                await HostTool.RunAsync("docker", [.. command, before.Container]);
                await Looking.UntilAsync(async () => await RunningAsync(id) is { } now && now != before && (await slipway.GetAsync(url)).Status == 200 ? "served" : null,
                    TimeSpan.FromSeconds(60), $"the app after docker {command[0]}");
                output.WriteLine($"docker {command[0]}: served again after {clock.ElapsedMilliseconds} ms");
                Assert.Equal("version here", (await slipway.GetAsync(url)).Body);
            }
        }

        output.WriteLine($"{visitors.Served["get"]} pages, {visitors.Failures.Count} failed");
        Assert.True(visitors.Failures.IsEmpty, string.Join("\n", visitors.Failures.Take(20)));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The same container may be started anew, so its start tells one life from the next.</summary>
    private static async Task<(string Container, string StartedAt)?> RunningAsync(string deployment)
    {
        var container = (await HostTool.RunAsync("docker", "ps", "-q", "--filter", $"label=slipway.deployment={deployment}")).Trim();
        if (container.Length == 0) return null;
        try
        {
            return (container, await HostTool.RunAsync("docker", "inspect", "-f", "{{.State.StartedAt}}", container));
        }
        catch (InvalidOperationException)
        {
            // It went between the two looks.
            return null;
        }
    }
}
