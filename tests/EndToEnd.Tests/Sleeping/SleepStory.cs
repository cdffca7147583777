using System.Diagnostics;
using System.Net;

namespace EndToEnd.Tests.Sleeping;

/// <summary>Idle previews sleep and take no CPU; a request wakes them, and none is lost: with the server there, and with it killed.</summary>
[Trait("needs", "engine")]
[Trait("story", "sleep")]
public sealed class SleepStory(SleepingInstallation slipway, ITestOutputHelper output) : IClassFixture<SleepingInstallation>
{
    private const int Crowd = 1000;

    [Fact]
    public async Task Idle_previews_sleep_and_each_request_is_answered()
    {
        var production = await SleepingApp.DeployAsync(slipway, "e2e-sleep");
        var first = await SleepingApp.DeployAsync(slipway, "e2e-sleep");
        var second = await SleepingApp.DeployAsync(slipway, "e2e-sleep");
        await SleepingApp.DeploySiteAsync(slipway, "e2e-stop");
        var stopping = await SleepingApp.DeploySiteAsync(slipway, "e2e-stop");

        // Frozen: no CPU, and everybody says so. Production is awake, asked or not.
        await Task.WhenAll(first.FrozenAsync(), second.FrozenAsync(), stopping.FrozenAsync());
        Assert.False((await slipway.Api.GetDeploymentAsync(production.Id, CancellationToken.None)).Asleep);
        var (before, busyBefore) = (await first.CpuAsync(), await production.CpuAsync());
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(before, await first.CpuAsync());
        Assert.InRange(await production.CpuAsync(), busyBefore + TimeSpan.FromMilliseconds(1), TimeSpan.MaxValue);
        var listed = await slipway.RunAsync("ls", "e2e-sleep");
        Assert.Contains(listed.Output.Split('\n'), line => line.Contains(first.Id, StringComparison.Ordinal) && line.Contains("asleep", StringComparison.Ordinal));
        Assert.Contains("asleep", (await slipway.RunAsync("inspect", first.Id)).Output, StringComparison.Ordinal);

        // A monitor is told that all is well, and wakes nothing.
        Assert.Equal(HttpStatusCode.OK, await AskAsMonitorAsync(first));
        Assert.True((await slipway.Api.GetDeploymentAsync(first.Id, CancellationToken.None)).Asleep);

        await MeasureAsync(first, second, stopping);
        await CrowdAsync("frozen", stopping, startsMore: 0);

        // Stopped: kept with its image, started once for all who come.
        var set = await slipway.RunAsync("sleep", "e2e-stop", "--stop-after", "2s", "--json");
        Assert.True(set.ExitCode == 0, set.ToString());
        Assert.Equal(2, Installation.Json(set)["stopAfterSeconds"]!.GetValue<int>());
        await stopping.StoppedAsync();
        await CrowdAsync("stopped", stopping, startsMore: 1);

        await WithoutServerAsync(second, stopping);
    }

    private async Task MeasureAsync(params SleepingApp[] apps)
    {
        var (warm, woken) = (new List<double>(), new List<double>());
        for (var round = 0; round < 4; round++)
        {
            foreach (var app in apps)
            {
                await app.FrozenAsync();
                woken.Add(await MillisecondsAsync(app));
                for (var i = 0; i < 5; i++) warm.Add(await MillisecondsAsync(app));
            }
        }

        output.WriteLine($"first request to a frozen app: p50 {Median(woken):0.0} ms, worst {woken.Max():0.0} ms of {woken.Count}; to a warm one: p50 {Median(warm):0.0} ms");
        Assert.InRange(Median(woken), 0, 500);
    }

    private async Task CrowdAsync(string state, SleepingApp app, int startsMore)
    {
        await app.AsleepAsync();
        var starts = await StartsAsync(app);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };
        var clock = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(async _ =>
        {
            using var request = Request(app);
            using var answer = await http.SendAsync(request);
            return (int)answer.StatusCode;
        }));
        output.WriteLine($"{Crowd} at once to a {state} one: all answered after {clock.ElapsedMilliseconds} ms");
        Assert.All(answers, status => Assert.Equal(200, status));
        Assert.Equal(starts + startsMore, await StartsAsync(app));
    }

    /// <summary>The edge thaws by the companion alone; what is stopped it can only hold, and tell to come again.</summary>
    private async Task WithoutServerAsync(SleepingApp frozen, SleepingApp stopped)
    {
        await Task.WhenAll(frozen.FrozenAsync(), stopped.StoppedAsync());
        using (var server = Process.GetProcessById(slipway.ServerPid))
        {
            server.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var clock = Stopwatch.StartNew();
        Assert.Equal(200, (await slipway.GetAsync(frozen.Preview)).Status);
        output.WriteLine($"frozen, with the server killed: answered after {clock.ElapsedMilliseconds} ms");
        for (var i = 0; i < 20; i++) Assert.Equal(200, (await slipway.GetAsync(frozen.Preview)).Status);
        clock.Restart();
        Assert.Equal(503, (await slipway.GetAsync(stopped.Preview)).Status);
        output.WriteLine($"stopped, with the server killed: held for {clock.ElapsedMilliseconds} ms, then told to come again");

        // Who comes while the server starts again is held, and answered by it.
        var up = slipway.RunAsync("up");
        Assert.Equal(200, await UntilAnsweredAsync(stopped));
        Assert.True((await up).ExitCode == 0, (await up).ToString());
        Assert.Equal(200, (await slipway.GetAsync(frozen.Preview)).Status);
    }

    private async Task<int> UntilAnsweredAsync(SleepingApp app)
    {
        for (var i = 0; i < 20; i++)
        {
            if ((await slipway.GetAsync(app.Preview)).Status is not 503 and var status) return status;
        }

        return 503;
    }

    private async Task<double> MillisecondsAsync(SleepingApp app)
    {
        var begun = Stopwatch.GetTimestamp();
        Assert.Equal((200, "hello"), await slipway.GetAsync(app.Preview));
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    private async Task<HttpStatusCode> AskAsMonitorAsync(SleepingApp app)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = Request(app);
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0+(compatible; UptimeRobot/2.0)");
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>By the server's own account.</summary>
    private async Task<int> StartsAsync(SleepingApp app) =>
        (await File.ReadAllLinesAsync(Path.Combine(slipway.Home, "logs", "server.log"))).Count(line => line.Contains("Started ins_", StringComparison.Ordinal) && line.Contains(app.Id, StringComparison.Ordinal));

    private HttpRequestMessage Request(SleepingApp app) => new(HttpMethod.Get, new Uri($"http://127.0.0.1:{slipway.Port}/")) { Headers = { Host = new Uri(app.Preview).Authority } };

    private static double Median(List<double> all) => all.Order().ElementAt(all.Count / 2);
}
