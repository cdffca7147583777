using System.Globalization;
using System.Net.Sockets;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Output;
using Slipway.Core;

namespace Slipway.Cli.Machine;

/// <summary>One of the background processes of a home: the edge, the companion that thaws for it, and the server with all other roles.</summary>
/// <param name="name"><c>edge</c>, <c>companion</c> or <c>server</c>: the names of its run file and its log.</param>
internal sealed class RoleProcess(string name, string roles, SlipwayHome home, TimeProvider time)
{
    /// <summary>Two seconds are usual; a small machine that just installed an engine takes its time.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public static RoleProcess Edge(SlipwayHome home, TimeProvider time) => new("edge", "edge", home, time);

    /// <summary>Of use to root only: others may not write cgroups, and freeze by the engine.</summary>
    public static RoleProcess Companion(SlipwayHome home, TimeProvider time) => new("companion", "companion", home, time);

    public static RoleProcess Server(SlipwayHome home, TimeProvider time) => new("server", "api,worker,runtime,dashboard", home, time);

    public string Name => name;

    public string LogFile => Path.Combine(home.Logs, $"{name}.log");

    private string RunPath => Path.Combine(home.Run, $"{name}.json");

    /// <summary>What it says of itself; null when it does not run.</summary>
    public RunFile? Running => RunFiles.Read(RunPath, LineJson.Default.RunFile) is { } file && IsOurs(file.Pid) ? file : null;

    /// <exception cref="CliError">It ended or did not get ready; with the end of its log.</exception>
    public async Task<RunFile> StartAsync(IReadOnlyDictionary<string, string> extra, Progress progress, CancellationToken ct)
    {
        progress.Begin($"starting the {name}");
        var program = name == "edge" ? ServerBinary.Edge() : ServerBinary.Require();
        var environment = ChildEnvironment.Inherited();
        environment["SLIPWAY_HOME"] = home.Root;
        foreach (var (name, value) in ServerMemory.Variables) environment.TryAdd(name, value);
        foreach (var (key, value) in extra) environment[key] = value;
        var log = LogTail.Open(LogFile);
        var pid = DetachedProcess.Start(program, ["--roles", roles], environment, Path.GetDirectoryName(program) ?? "/", LogFile);
        return await WaitAsync(pid, log, ct);
    }

    /// <summary>Waits for readiness; with systemd the process is not our child and its pid is not known (null).</summary>
    public async Task<RunFile> WaitAsync(int? pid, LogTail log, CancellationToken ct)
    {
        using var http = Http();
        var since = time.GetTimestamp();
        while (true)
        {
            if (Running is { } file && (pid is null || file.Pid == pid) && await IsReadyAsync(http, file, ct)) return file;
            if (pid is { } started && !ProcessTable.IsAlive(started)) throw Failed($"the {name} ended at once", log);
            if (time.GetElapsedTime(since) > StartPatience && Running is { } stuck) throw Stuck(stuck);
            if (time.GetElapsedTime(since) > StartPatience) throw Failed($"the {name} was not ready within {StartPatience.TotalMinutes:0} minutes", log);
            await Task.Delay(Look, time, ct);
        }
    }

    /// <summary>Ends it gracefully.</summary>
    /// <param name="untilDrained">False: only until its port is free, for the next one to take; it finishes its requests beside it.</param>
    /// <returns>What ran; null when nothing did.</returns>
    public async Task<RunFile?> StopAsync(bool untilDrained, Progress progress, CancellationToken ct)
    {
        if (Running is not { } file) return null;
        progress.Begin($"stopping the {name}");
        if (!ProcessTable.AskToEnd(file.Pid) && ProcessTable.IsAlive(file.Pid))
        {
            throw CliError.Broken("down.not_permitted", $"the {name} (pid {file.Pid}) belongs to another user", "run this as the user who started it, or as root");
        }

        var since = time.GetTimestamp();
        while (ProcessTable.IsAlive(file.Pid) && (untilDrained || await AcceptsAsync(file, ct)))
        {
            if (time.GetElapsedTime(since) > StopPatience)
            {
                throw CliError.Broken("down.timeout", $"the {name} (pid {file.Pid}) did not end within {StopPatience.TotalSeconds:0} s", $"see {LogFile}; end it by hand if it hangs: kill -9 {file.Pid}");
            }

            await Task.Delay(Look, time, ct);
        }

        if (untilDrained) File.Delete(RunPath);
        return file;
    }

    public async Task<bool> IsReadyAsync(RunFile file, CancellationToken ct)
    {
        using var http = Http();
        return await IsReadyAsync(http, file, ct);
    }

    private static HttpClient Http() => new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Edge and companion say "ready" by their run files; the server is asked.</summary>
    private async Task<bool> IsReadyAsync(HttpClient http, RunFile file, CancellationToken ct)
    {
        if (name != "server") return true;
        if (!Uri.TryCreate(file.Address, UriKind.Absolute, out var address)) return false;
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "/health/ready"), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }

    private static async Task<bool> AcceptsAsync(RunFile file, CancellationToken ct)
    {
        if (!Uri.TryCreate(file.Address, UriKind.Absolute, out var address)) return false;
        using var connection = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await connection.ConnectAsync(address.Host, address.Port, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A pid alone may have been given to another program since.</summary>
    private bool IsOurs(int pid)
    {
        if (!ProcessTable.IsAlive(pid)) return false;
        var arguments = ProcessTable.Arguments(pid);
        var isServer = arguments.Take(2).Any(a => Path.GetFileNameWithoutExtension(a) is "slipway-server" or "slipway-edge");
        return isServer && (ProcessTable.Variable(pid, "SLIPWAY_HOME") is not { } other || Path.GetFullPath(other) == home.Root);
    }

    private CliError Stuck(RunFile file) => CliError.Broken(
        "up.not_ready", $"the {name} runs (pid {file.Pid}), but did not answer that it is ready within {StartPatience.TotalMinutes:0} minutes", $"see {LogFile}; start it afresh: ./slipway down, then ./slipway up");

    private CliError Failed(string what, LogTail log)
    {
        var lines = log.Lines(20);
        var said = lines.Count == 0 ? "it wrote nothing to its log" : $"its log ends with:\n  {string.Join("\n  ", lines)}";
        return CliError.Broken("up.start_failed", string.Create(CultureInfo.InvariantCulture, $"{what}; {said}"), $"the whole log: {LogFile}");
    }
}
