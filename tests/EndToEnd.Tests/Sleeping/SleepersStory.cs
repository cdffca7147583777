using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace EndToEnd.Tests.Sleeping;

/// <summary>Many previews on one machine: all asleep, each woken by a request, from frozen and from stopped. <c>SLIPWAY_SLEEPERS</c> makes it larger (eng/chaos sleepers).</summary>
[Trait("needs", "engine")]
[Trait("story", "sleepers")]
public sealed class SleepersStory(CrowdedInstallation slipway, ITestOutputHelper output) : IClassFixture<CrowdedInstallation>
{
    private const string Project = "e2e-many";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static int Sleepers => int.TryParse(Environment.GetEnvironmentVariable("SLIPWAY_SLEEPERS"), CultureInfo.InvariantCulture, out var n) ? n : 8;

    [Fact]
    public async Task Many_previews_sleep_and_every_one_wakes()
    {
        var production = await SleepingApp.DeploySiteAsync(slipway, Project);
        var before = await FreshMemoryAsync();
        var apps = await DeployAsync(production.Id);
        await AllAsync(apps, app => app.FrozenAsync());
        output.WriteLine($"{apps.Count} previews frozen; a server that starts on them has {(await FreshMemoryAsync() - before) / 1024.0 / apps.Count:0} KiB more for each");

        var used = await CpuAsync(apps);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(used, await CpuAsync(apps));
        Tell("frozen, one after the other", await WakeAsync(apps, atATime: 1));

        await AllAsync(apps, app => app.FrozenAsync());
        Tell("frozen, all at once", await WakeAsync(apps, atATime: apps.Count));

        var set = await slipway.RunAsync("sleep", Project, "--after", "2s", "--stop-after", "4s");
        Assert.True(set.ExitCode == 0, set.ToString());
        await AllAsync(apps, app => app.StoppedAsync());
        Assert.True((await slipway.RunAsync("sleep", Project, "--stop-after", "1h")).ExitCode == 0);
        Tell("stopped, four at a time", await WakeAsync(apps, atATime: 4));
    }

    private async Task<List<SleepingApp>> DeployAsync(string first)
    {
        using var api = slipway.Api;
        var apps = new ConcurrentBag<SleepingApp>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Sleepers), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, ct) =>
        {
            var made = await api.RedeployAsync(first, ct);
            var ready = await slipway.EndOfAsync(made.Id);
            Assert.True(ready.State == "ready", $"{ready.State}: {ready.Failure?.Code} {ready.Failure?.Message}");
            apps.Add(new(slipway, ready.Id, ready.PreviewUrl));
        });
        return [.. apps];
    }

    private async Task<List<double>> WakeAsync(List<SleepingApp> apps, int atATime)
    {
        var took = new ConcurrentBag<double>();
        await Parallel.ForEachAsync(apps, new ParallelOptions { MaxDegreeOfParallelism = atATime }, async (app, _) =>
        {
            var begun = Stopwatch.GetTimestamp();
            Assert.Equal((200, "hello"), await slipway.GetAsync(app.Preview));
            took.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        });
        return [.. took];
    }

    private static Task AllAsync(List<SleepingApp> apps, Func<SleepingApp, Task> act) =>
        Parallel.ForEachAsync(apps, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (app, _) => await act(app)).WaitAsync(Patience);

    private static async Task<TimeSpan> CpuAsync(List<SleepingApp> apps)
    {
        var sum = TimeSpan.Zero;
        foreach (var app in apps) sum += await app.CpuAsync();
        return sum;
    }

    /// <summary>Its own memory some time after it was started, so that what builds and launches left behind does not count; where many are asked for only, for it takes its time.</summary>
    private async Task<long> FreshMemoryAsync()
    {
        if (Sleepers >= 50)
        {
            using (var server = Process.GetProcessById(slipway.ServerPid))
            {
                server.Kill();
                await server.WaitForExitAsync();
            }

            Assert.Equal(0, (await slipway.RunAsync("up")).ExitCode);
            // It gives back what its start left once it is idle.
            await Task.Delay(TimeSpan.FromSeconds(45), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        var own = File.ReadLines($"/proc/{slipway.ServerPid}/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(own.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private void Tell(string what, List<double> took)
    {
        var sorted = took.Order().ToList();
        output.WriteLine($"{what}: p50 {sorted[sorted.Count / 2]:0.0} ms, p99 {sorted[(int)(sorted.Count * 0.99)]:0.0} ms, worst {sorted[^1]:0.0} ms of {sorted.Count}");
    }
}
