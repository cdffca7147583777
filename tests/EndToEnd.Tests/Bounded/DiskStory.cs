using Slipway.Testing.Hosting;

namespace EndToEnd.Tests.Bounded;

/// <summary>A home whose engine has a small disk.</summary>
internal sealed class SmallDisk(SmallDiskEngine engine) : Installation(new Dictionary<string, string>
{
    ["DOCKER_HOST"] = engine.Host,
    ["Slipway__Host__BuildInterface"] = engine.Bridge,
    ["Slipway__Host__BuildCgroup"] = engine.Cgroup,
    ["Slipway__Docker__ServeSubnet"] = $"10.215.{System.Security.Cryptography.RandomNumberGenerator.GetInt32(256)}.0/24",
    ["Slipway__Pipeline__Concurrency"] = "3",
    ["Slipway__Build__DiskReserveMegabytes"] = "400",
});

/// <summary>A build that fills the disk is stopped before what is served has no room left.</summary>
[Trait("needs", "engine")]
[Trait("needs", "root")]
[Trait("story", "bounded-builds")]
public sealed class DiskStory
{
    [Fact]
    public async Task A_build_that_fills_the_disk_is_stopped_and_leaves_nothing()
    {
        await using var engine = await SmallDiskEngine.StartAsync();
        await using var slipway = new SmallDisk(engine);
        await slipway.InitializeAsync();
        // Dozens of small pieces, so that the disk's own cache does not hide how full it gets.
        const string bomb = "i=0; while [ $i -lt 60 ]; do dd if=/dev/zero of=/big$i bs=1M count=50 conv=fsync 2>/dev/null || exit 1; i=$((i+1)); done";
        var (serving, neighbour, bombing) = (BusyboxApp.Create(), BusyboxApp.Create("RUN sleep 4", "RUN sleep 4"), BusyboxApp.Create($"RUN {bomb}"));
        var (exit, json, ran) = await slipway.DeployAsync(serving, "--project", "disk-app");
        Assert.True(exit == 0, ran.ToString());
        var free = engine.FreeBytes();
        var least = free;
        var visitor = new Visitor(slipway, json["url"]!.GetValue<string>());
        await using (visitor)
        {
            var beside = slipway.DeployAsync(neighbour, "--project", "disk-near");
            var bombed = slipway.DeployAsync(bombing, "--project", "disk-bomb");
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!bombed.IsCompleted)
            {
                least = Math.Min(least, engine.FreeBytes());
                await timer.WaitForNextTickAsync();
            }

            var (bombExit, end, bombRan) = await bombed;
            Assert.True((bombExit, end["failure"]?["code"]?.GetValue<string>()) == (1, "build.disk_full"), bombRan.ToString());
            // The disk is one, and nobody can say whose bytes are on it: a build that runs just then is stopped too, with the same words.
            var (nearExit, nearEnd, near) = await beside;
            Assert.True(nearExit == 0 || nearEnd["failure"]?["code"]?.GetValue<string>() == "build.disk_full", near.ToString());
        }

        visitor.AssertServed(TimeSpan.FromSeconds(5));
        // It came to the reserve, and never to nothing.
        Assert.InRange(least, 100L << 20, 400L << 20);
        await Looking.UntilAsync(() => engine.FreeBytes() > free - (100L << 20) ? "free again" : null, TimeSpan.FromSeconds(30), "the step's files are gone");
        foreach (var folder in new[] { serving, neighbour, bombing }) Directory.Delete(folder, recursive: true);
    }
}
