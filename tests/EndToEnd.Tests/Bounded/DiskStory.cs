using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests.Bounded;

/// <summary>A build that fills the disk is stopped before what is served has no room left, and no other is.</summary>
[Trait("needs", "engine")]
[Trait("needs", "root")]
[Trait("story", "bounded-builds")]
public sealed class DiskStory
{
    [Fact]
    public async Task A_build_that_fills_the_disk_is_stopped_and_leaves_nothing()
    {
        await using var engine = await OwnEngine.StartAsync();
        await using var slipway = new OwnEngineInstallation(engine);
        await slipway.InitializeAsync();
        // Dozens of small pieces, so that the disk's own cache does not hide how full it gets.
        const string bomb = "i=0; while [ $i -lt 60 ]; do dd if=/dev/zero of=/big$i bs=1M count=50 conv=fsync 2>/dev/null || exit 1; i=$((i+1)); done";
        var go = $"go-{Guid.NewGuid():N}";
        var (serving, neighbour, bombing) = (BusyboxApp.Create(), BusyboxApp.Create($"RUN head -c 5000000 /dev/zero > /small; until [ -e /{go} ]; do sleep 1; done", "RUN echo after"), BusyboxApp.Create($"RUN {bomb}"));
        // Empty ones: the disk has bytes enough left when it has room for no more of them.
        var files = BusyboxApp.Create("RUN mkdir /many; i=0; while [ $i -lt 400000 ]; do : > /many/$i || exit 1; i=$((i+1)); done");
        var (exit, json, ran) = await slipway.DeployAsync(serving, "--project", "disk-app");
        Assert.True(exit == 0, ran.ToString());
        var free = engine.FreeBytes();
        var least = free;
        var visitor = new Visitor(slipway, json["url"]!.GetValue<string>());
        await using (visitor)
        {
            var beside = slipway.DeployAsync(neighbour, "--project", "disk-near");
            var step = await Looking.UntilAsync(() => StepCgroups.Processes(go) is [var pid, ..] ? $"{pid}" : null, TimeSpan.FromMinutes(1), "the neighbour builds");
            var bombed = slipway.DeployAsync(bombing, "--project", "disk-bomb");
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!bombed.IsCompleted)
            {
                least = Math.Min(least, engine.FreeBytes());
                await timer.WaitForNextTickAsync();
            }

            var (bombExit, end, bombRan) = await bombed;
            Assert.True((bombExit, end["failure"]?["code"]?.GetValue<string>()) == (1, "build.disk_full"), bombRan.ToString());
            var told = Regex.Match(bombRan.ToString(), "this build's steps wrote ([0-9.]+) (GiB|MiB)");
            Assert.InRange(double.Parse(told.Groups[1].Value, CultureInfo.InvariantCulture) * (told.Groups[2].Value == "GiB" ? 1024 : 1), 300, 2000);
            // It goes on once the bomb's files are gone, and not before.
            await Looking.UntilAsync(() => engine.FreeBytes() > free - (100L << 20) ? "free again" : null, TimeSpan.FromSeconds(30), "the step's files are gone");
            await File.WriteAllTextAsync($"/proc/{step}/root/{go}", "");
            var (nearExit, _, near) = await beside;
            Assert.True(nearExit == 0, near.ToString());
        }

        var (filesExit, filesEnd, filesRan) = await slipway.DeployAsync(files, "--project", "disk-files");
        Assert.True((filesExit, filesEnd["failure"]?["code"]?.GetValue<string>()) == (1, "build.disk_full"), filesRan.ToString());
        Assert.Contains("more files (inodes)", filesRan.ToString(), StringComparison.Ordinal);
        visitor.AssertServed(TimeSpan.FromSeconds(5));
        // It came to the reserve, and never to nothing.
        Assert.InRange(least, 100L << 20, 400L << 20);
        foreach (var folder in new[] { serving, neighbour, bombing, files }) Directory.Delete(folder, recursive: true);
    }
}
