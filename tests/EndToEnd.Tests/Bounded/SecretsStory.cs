using System.Text;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests.Bounded;

/// <summary>A secret that a step uses is found nowhere else: no argument of any process, no log, no file of the home, no layer, no history, no build argument.</summary>
[Collection(nameof(OneMachine))]
[Trait("needs", "engine")]
[Trait("needs", "root")]
[Trait("story", "bounded-builds")]
public sealed class SecretsStory(Installation slipway)
{
    [Fact]
    public async Task A_planted_secret_is_found_nowhere()
    {
        var secret = $"planted-{Guid.NewGuid():N}";
        var seen = $"visible-{Guid.NewGuid():N}";
        var sleep = $"4.{Random.Shared.Next(100_000, 999_999)}";
        var folder = BusyboxApp.Create(
            "ARG SEEN", $"RUN --mount=type=secret,id=PLANTED sleep {sleep} && wc -c < /run/secrets/PLANTED > /length && echo length $(cat /length)", "COPY marker /marker");
        await File.WriteAllTextAsync(Path.Combine(folder, "marker"), seen);
        var name = "planted";
        await slipway.DeployAsync(BusyboxApp.Create(), "--project", name);
        var set = await slipway.RunWithInputAsync(secret, "env", "set", "PLANTED", "--project", name);
        Assert.True(set.ExitCode == 0, set.ToString());

        var deploy = slipway.DeployAsync(folder, "--project", name);
        await Looking.UntilAsync(() => StepCgroups.Processes($"sleep {sleep}") is [_, ..] found ? found : null, TimeSpan.FromMinutes(1), "the step runs");
        // Every process of the machine, while the step has the secret.
        Assert.Empty(StepCgroups.Processes(secret));
        var (exit, json, ran) = await deploy;
        Assert.True(exit == 0, ran.ToString());

        var id = json["id"]!.GetValue<string>();
        var log = await slipway.RunAsync("logs", id);
        Assert.Contains($"length {secret.Length}", log.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, log.Output + ran + (await slipway.RunAsync("inspect", id, "--json")).Output, StringComparison.Ordinal);
        Assert.Empty(FilesWith(slipway.Home, secret));
        await AssertImageAsync(id, secret, seen);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task AssertImageAsync(string deployment, string secret, string seen)
    {
        var image = (await HostTool.RunAsync("docker", "images", "-q", "--filter", $"label=slipway.deployment={deployment}")).Split('\n')[0].Trim();
        var saved = Path.Combine(Directory.CreateTempSubdirectory("e2e-image-").FullName, "image.tar");
        await HostTool.RunAsync("docker", "save", "-o", saved, image);
        // Layers, configuration, history and build arguments are all in it, uncompressed: what is there is found.
        Assert.True(Contains(saved, seen), "the layers could be searched");
        Assert.False(Contains(saved, secret), "the secret is in the image");
        Directory.Delete(Path.GetDirectoryName(saved)!, recursive: true);
        Assert.DoesNotContain(secret, await HostTool.RunAsync("docker", "history", "--no-trunc", image), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, await HostTool.RunAsync("docker", "system", "df", "-v"), StringComparison.Ordinal);
    }

    private static List<string> FilesWith(string folder, string text) =>
        [.. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }).Where(file => Contains(file, text))];

    private static bool Contains(string file, string text)
    {
        try
        {
            using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var (wanted, buffer, kept) = (Encoding.ASCII.GetBytes(text), new byte[1 << 20], 0);
            while (open.Read(buffer, kept, buffer.Length - kept) is > 0 and var read)
            {
                if (buffer.AsSpan(0, kept + read).IndexOf(wanted) >= 0) return true;
                var rest = Math.Min(wanted.Length - 1, kept + read);
                buffer.AsSpan(kept + read - rest, rest).CopyTo(buffer);
                kept = rest;
            }

            return false;
        }
        catch (IOException)
        {
            // A socket, or gone meanwhile.
            return false;
        }
    }
}
