using System.Globalization;
using EndToEnd.Tests.Bounded;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests.Sleeping;

/// <summary>A deployment as one looks at it from outside.</summary>
internal sealed record SleepingApp(Installation Slipway, string Id, string Preview)
{
    /// <summary>A page that says hello, and a process beside it that is never quite idle.</summary>
    public static async Task<SleepingApp> DeployAsync(Installation slipway, string project)
    {
        var folder = BusyboxApp.Create("RUN printf '#!/bin/busybox sh\\nwhile :; do /bin/busybox usleep 20000; done &\\nexec /bin/busybox httpd -f -p 3000 -h /www\\n' > /bin/serve && chmod 755 /bin/serve");
        try
        {
            var file = Path.Combine(folder, "Dockerfile");
            var lines = await File.ReadAllLinesAsync(file);
            await File.WriteAllLinesAsync(file, lines.Select(line => line.StartsWith("CMD ", StringComparison.Ordinal) ? "CMD [\"/bin/serve\"]" : line));
            var (exit, json, ran) = await slipway.DeployAsync(folder, "--project", project);
            Assert.True(exit == 0, ran.ToString());
            return new(slipway, json["id"]!.GetValue<string>(), json["previewUrl"]!.GetValue<string>());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A page that says hello, from a server that takes a crowd.</summary>
    public static async Task<SleepingApp> DeploySiteAsync(Installation slipway, string project)
    {
        var folder = Directory.CreateTempSubdirectory("e2e-sleep-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "hello");
            var (exit, json, ran) = await slipway.DeployAsync(folder, "--project", project);
            Assert.True(exit == 0, ran.ToString());
            return new(slipway, json["id"]!.GetValue<string>(), json["previewUrl"]!.GetValue<string>());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public Task AsleepAsync() => UntilAsync(isAsleep: true, isRunning: null);

    public Task FrozenAsync() => UntilAsync(isAsleep: true, isRunning: true);

    public Task StoppedAsync() => UntilAsync(isAsleep: true, isRunning: false);

    public async Task<string> InspectAsync(string format) =>
        (await HostTool.RunAsync("docker", "inspect", "-f", format, (await HostTool.RunAsync("docker", "ps", "-aq", "--filter", $"label=slipway.deployment={Id}")).Trim())).Trim();

    /// <summary>Of all its processes so far.</summary>
    public async Task<TimeSpan> CpuAsync()
    {
        var process = await InspectAsync("{{.State.Pid}}");
        var groups = (await File.ReadAllLinesAsync($"/proc/{process}/cgroup")).Select(line => line.Split(':', 3)).ToList();
        if (groups.FirstOrDefault(group => group[1].Split(',').Contains("cpuacct")) is { } old)
            return TimeSpan.FromMicroseconds(long.Parse(await File.ReadAllTextAsync($"/sys/fs/cgroup/cpuacct{old[2]}/cpuacct.usage"), CultureInfo.InvariantCulture) / 1000.0);
        var usage = (await File.ReadAllLinesAsync($"/sys/fs/cgroup{groups[0][2]}/cpu.stat")).First(line => line.StartsWith("usage_usec ", StringComparison.Ordinal));
        return TimeSpan.FromMicroseconds(long.Parse(usage.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    private Task UntilAsync(bool isAsleep, bool? isRunning) => Looking.UntilAsync(async () =>
    {
        using var api = Slipway.Api;
        if ((await api.GetDeploymentAsync(Id, CancellationToken.None)).Asleep != isAsleep) return null;
        return isRunning is null || await InspectAsync("{{.State.Running}}") == (isRunning.Value ? "true" : "false") ? "so" : null;
    }, TimeSpan.FromMinutes(2), $"{Id} asleep, running: {isRunning}");
}
