using System.Diagnostics;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests.Bounded;

/// <summary>A home with small limits, so that small bombs reach them.</summary>
public sealed class SmallLimits() : Installation(new Dictionary<string, string>
{
    ["Slipway__Pipeline__Concurrency"] = "4",
    ["Slipway__Pipeline__BuildTimeout"] = "00:00:45",
    ["Slipway__Build__MemoryMegabytes"] = "256",
    ["Slipway__Build__Processes"] = "120",
    ["Slipway__Build__LogMegabytes"] = "1",
});

/// <summary>Each bomb is stopped with its own code, while a neighbour builds and an app is served. Each is bounded by itself too.</summary>
[Trait("needs", "engine")]
[Trait("needs", "root")]
[Trait("story", "bounded-builds")]
public sealed class BombsStory(SmallLimits slipway) : IClassFixture<SmallLimits>
{
    /// <summary>Time to read the limit back before the bomb goes off.</summary>
    private const string Fuse = "sleep 4";

    private static readonly StepCgroups Steps = new(File.Exists("/sys/fs/cgroup/cgroup.controllers") ? "system.slice/buildkit" : "docker/buildkit");

    [Fact]
    public async Task A_build_that_allocates_without_end_is_stopped_and_told_the_limit()
    {
        var end = await BombAsync("memory", "head -c 1500000000 /dev/zero | tail -c 1400000000 > /dev/null", "build.out_of_memory");
        Assert.Contains("limit 256 MiB", end.Message, StringComparison.Ordinal);
        Assert.Contains("head -c 1500000000", end.Message, StringComparison.Ordinal);
        Assert.NotNull(end.Hint);
    }

    [Fact]
    public async Task A_build_that_forks_without_end_is_stopped_and_told_the_limit()
    {
        var end = await BombAsync("forks", "i=0; while [ $i -lt 400 ]; do sleep 20 & i=$((i+1)); done; wait", "build.too_many_processes");
        Assert.Contains("120", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_that_prints_without_end_is_stopped()
    {
        var end = await BombAsync("prints", "yes | head -c 1000000000", "build.log_limit");
        Assert.Contains("1 MiB", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_that_never_ends_is_stopped() => await BombAsync("endless", "sleep 600", "build.timeout");

    [Fact]
    public async Task A_canceled_builds_step_is_gone_within_two_seconds()
    {
        var mark = $"6{Random.Shared.Next(10_000_000, 99_999_999)}";
        var folder = BusyboxApp.Create($"RUN sleep {mark}");
        using var deploy = slipway.Start("deploy", folder, "--project", "bounded-cancel", "--json");
        await Looking.UntilAsync(() => Steps.StepOf($"sleep {mark}"), TimeSpan.FromMinutes(1), "the step runs");
        var id = (await slipway.Api.ListDeploymentsAsync("bounded-cancel", 1, all: true, CancellationToken.None))[0].Id;

        var clock = Stopwatch.StartNew();
        await slipway.Api.CancelAsync(id, CancellationToken.None);
        await Looking.UntilAsync(() => StepCgroups.Processes($"sleep {mark}").Count == 0 ? "gone" : null, TimeSpan.FromSeconds(2), "the step is gone");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal("canceled", (await slipway.EndOfAsync(id)).State);
        await deploy.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Status_says_that_steps_are_limited_and_by_how_much()
    {
        var limits = (await slipway.Api.StatusAsync(CancellationToken.None)).Roles.Single(role => role.Name == "limits");
        Assert.Equal(("up", "each build step may use 256 MiB of memory and 120 processes"), (limits.State, limits.Detail));
    }

    /// <summary>Lets it go off between a neighbour that builds and an app that is visited.</summary>
    private async Task<Slipway.Client.FailureView> BombAsync(string name, string bomb, string code)
    {
        var (serving, neighbour, bombing) = (BusyboxApp.Create(), BusyboxApp.Create("RUN sleep 3", "RUN sleep 3", "RUN sleep 3"), BusyboxApp.Create($"RUN {Fuse}; {bomb}"));
        var (exit, json, ran) = await slipway.DeployAsync(serving, "--project", $"bounded-app-{name}");
        Assert.True(exit == 0, ran.ToString());
        var visitor = new Visitor(slipway, json["url"]!.GetValue<string>());
        await using (visitor)
        {
            var beside = slipway.DeployAsync(neighbour, "--project", $"bounded-near-{name}");
            using var deploy = slipway.Start("deploy", bombing, "--project", $"bounded-bomb-{name}", "--json");
            await AssertHeldAsync(bomb, $"bounded-bomb-{name}");
            var printed = deploy.StandardOutput.ReadToEndAsync();
            var errors = deploy.StandardError.ReadToEndAsync();
            await deploy.WaitForExitAsync();
            var end = Installation.Json(new Ran(deploy.ExitCode, await printed, await errors));
            var (nearExit, _, near) = await beside;

            Assert.Equal((1, code), (deploy.ExitCode, end["failure"]?["code"]?.GetValue<string>()));
            Assert.True(nearExit == 0, near.ToString());
            foreach (var folder in new[] { serving, neighbour, bombing }) Directory.Delete(folder, recursive: true);
            var id = end["id"]!.GetValue<string>();
            visitor.AssertServed(TimeSpan.FromSeconds(5));
            return (await slipway.Api.GetDeploymentAsync(id, CancellationToken.None)).Failure!;
        }
    }

    /// <summary>Cancels it when its step is not held as it should be.</summary>
    private async Task AssertHeldAsync(string bomb, string project)
    {
        var step = await Looking.UntilAsync(() => Steps.StepOf(bomb), TimeSpan.FromMinutes(1), "the step runs");
        var held = Steps.Limits(step);
        if (held == (256L << 20, 120)) return;
        foreach (var d in await slipway.Api.ListDeploymentsAsync(project, 1, all: true, CancellationToken.None)) await slipway.Api.CancelAsync(d.Id, CancellationToken.None);
        Assert.Fail($"the step's limits are {held}");
    }
}
