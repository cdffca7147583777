using System.Globalization;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Core;

namespace Slipway.Cli.Machine;

/// <summary>The dockerd that we started where no systemd does: <c>run/dockerd.json</c>.</summary>
internal sealed record DockerdFile(int Pid, DateTimeOffset StartedAt);

/// <summary>Starts and stops dockerd itself, on machines without systemd.</summary>
internal sealed class Dockerd(SlipwayHome home, TimeProvider time)
{
    /// <summary>A gibibyte of one step's log, and as much a second. Engine 20.10 takes -1, which newer ones read as "no limit", for a limit and clips everything.</summary>
    private const string NoLimit = "1073741824";

    /// <summary>The engine's BuildKit cuts a step's log at 2 MiB otherwise; bounding build logs is Slipway's own task.</summary>
    internal static readonly IReadOnlyDictionary<string, string> BuildLogs = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["BUILDKIT_STEP_LOG_MAX_SIZE"] = NoLimit,
        ["BUILDKIT_STEP_LOG_MAX_SPEED"] = NoLimit,
    };

    private const string PidFile = "/var/run/docker.pid";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public string LogFile => Path.Combine(home.Logs, "dockerd.log");

    private string RunFile => Path.Combine(home.Run, "dockerd.json");

    /// <summary>Null when none of ours runs.</summary>
    public DockerdFile? Running => RunFiles.Read(RunFile, LineJson.Default.DockerdFile) is { } file && IsDockerd(file.Pid) ? file : null;

    /// <exception cref="CliError">It does not come up.</exception>
    public async Task<EngineAnswer> StartAsync(Progress progress, CancellationToken ct)
    {
        if (await OthersAsync(progress, ct) is { } already) return already;
        progress.Begin("starting dockerd");
        var environment = ChildEnvironment.Inherited();
        foreach (var (name, value) in BuildLogs) environment[name] = value;
        var log = LogTail.Open(LogFile);
        var pid = DetachedProcess.Start(ChildProcess.Find("dockerd"), ["--live-restore"], environment, "/", LogFile);
        RunFiles.Write(RunFile, new DockerdFile(pid, time.GetUtcNow()), LineJson.Default.DockerdFile);
        var since = time.GetTimestamp();
        while (true)
        {
            var answer = await EngineProbe.AskAsync(ct);
            if (answer.IsReachable) return answer;
            if (!ProcessTable.IsAlive(pid)) throw Failed("dockerd ended at once", log);
            if (time.GetElapsedTime(since) > Patience) throw Failed($"dockerd (pid {pid}) runs, but its socket did not answer within {Patience.TotalSeconds:0} s", log);
            await Task.Delay(Look, time, ct);
        }
    }

    /// <returns>False when none of ours ran.</returns>
    public async Task<bool> StopAsync(CancellationToken ct)
    {
        if (Running is not { } file) return false;
        ProcessTable.AskToEnd(file.Pid);
        var since = time.GetTimestamp();
        while (ProcessTable.IsAlive(file.Pid))
        {
            if (time.GetElapsedTime(since) > StopPatience)
            {
                throw CliError.Broken("engine.stop_failed", $"dockerd (pid {file.Pid}) did not end within {StopPatience.TotalSeconds:0} s", $"see {LogFile}");
            }

            await Task.Delay(Look, time, ct);
        }

        File.Delete(RunFile);
        return true;
    }

    /// <summary>One that somebody else has just started, and that may need a moment. Null when none runs.</summary>
    private async Task<EngineAnswer?> OthersAsync(Progress progress, CancellationToken ct)
    {
        if (!File.Exists(PidFile) || !int.TryParse(await File.ReadAllTextAsync(PidFile, ct), CultureInfo.InvariantCulture, out var pid)) return null;
        if (!IsDockerd(pid))
        {
            // A pid file survives a crash; dockerd takes any living process of that number for itself and refuses to start.
            File.Delete(PidFile);
            progress.Line($"{PidFile} was left by a dockerd that is gone (pid {pid}): removed");
            return null;
        }

        progress.Begin($"waiting for dockerd (pid {pid})");
        var since = time.GetTimestamp();
        while (true)
        {
            var answer = await EngineProbe.AskAsync(ct);
            if (answer.IsReachable) return answer;
            if (!IsDockerd(pid)) return null;
            if (time.GetElapsedTime(since) > Patience) throw Dead(pid);
            await Task.Delay(Look, time, ct);
        }
    }

    private static CliError Dead(int pid) => CliError.Broken(
        "engine.dead", $"dockerd runs (pid {pid}), but does not answer on {EngineProbe.Socket}",
        $"restart it: end process {pid}, then run this again; or set DOCKER_HOST to where it listens");

    private static bool IsDockerd(int pid) => ProcessTable.IsAlive(pid) && ProcessTable.Name(pid) == "dockerd";

    private CliError Failed(string what, LogTail log) =>
        CliError.Broken("engine.start_failed", $"{what}; its log ends with:\n  {string.Join("\n  ", log.Lines(12))}", $"the whole log: {LogFile}");
}
