using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline;

namespace Slipway.Server.Planning;

/// <summary>
/// Another's planner, run over a stranger's repository: by an argument array, in an environment of its own with nothing of ours in it, with
/// a home that goes with it, for so long and with so much to say and no more. What it may read and reach is what this process's user may (docs/planners.md).
/// </summary>
internal sealed class PlannerProgram(string name, string install, PipelineOptions options, TimeProvider time)
{
    private const int MaxLines = 500;
    private const int MaxText = 1 << 20;
    private const string Step = "plan";

    /// <summary>What it printed to stdout.</summary>
    /// <param name="isTold">What it prints to stdout goes to the log, too; what it prints to stderr always does.</param>
    public async Task<Outcome<string>> RunAsync(string folder, IReadOnlyList<string> arguments, bool isTold, IBuildOutput output, CancellationToken ct)
    {
        if (Find() is not { } program) return Missing();
        var home = Directory.CreateTempSubdirectory($"slipway-{name}-");
        using var timer = new CancellationTokenSource(options.PlannerTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, timer.Token);
        try
        {
            var (code, text, last) = await RunAsync(Start(program, folder, home.FullName, arguments), isTold, output, both.Token);
            return code == 0 ? text : new Failure("plan.program_failed", $"{name} could not plan it: {(last.Length > 0 ? last : $"it ended with {code}")}",
                "what it printed is in the log above; a Dockerfile in the repository is built as it is, whatever plans the rest", Step, code);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return new Failure("plan.timeout", $"{name} took longer than {options.PlannerTimeout.TotalSeconds:0} s", $"raise {PipelineOptions.Section}:PlannerTimeout, or see whether it reaches the network", Step);
        }
        catch (Win32Exception e)
        {
            return Missing() with { Message = $"{program} cannot be run: {e.Message}" };
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private Failure Missing() => new("plan.program_missing",
        options.PlannerProgram.Length > 0 ? $"there is no {options.PlannerProgram}, which {PipelineOptions.Section}:PlannerProgram names" : $"{name} is not installed where builds run, and {PipelineOptions.Section}:Planner is {name}",
        $"{install}, or set {PipelineOptions.Section}:Planner to builtin", Step);

    private string? Find() => options.PlannerProgram.Length > 0
        ? File.Exists(options.PlannerProgram) ? options.PlannerProgram : null
        : SearchPath().Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string SearchPath() => Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin";

    private static ProcessStartInfo Start(string program, string folder, string home, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (variable, value) in new[] { ("PATH", SearchPath()), ("HOME", home), ("TMPDIR", home), ("LANG", "C.UTF-8"), ("NO_COLOR", "1") }) start.Environment[variable] = value;
        return start;
    }

    private static async Task<(int Code, string Text, string Last)> RunAsync(ProcessStartInfo start, bool isTold, IBuildOutput output, CancellationToken ct)
    {
        using var process = Process.Start(start) ?? throw new Win32Exception("it did not start");
        process.StandardInput.Close();
        var (text, last, lines) = (new StringBuilder(), "", 0);
        try
        {
            await Task.WhenAll(
                ReadAsync(process.StandardOutput, line =>
                {
                    if (text.Length < MaxText) text.Append(line).Append('\n');
                    if (isTold) Tell(BuildLogStream.Out, line);
                }, ct),
                ReadAsync(process.StandardError, line =>
                {
                    if (line.Trim().Length > 0) last = line.Trim();
                    Tell(BuildLogStream.Err, line);
                }, ct));
            await process.WaitForExitAsync(ct);
            return (process.ExitCode, text.ToString(), last);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        void Tell(BuildLogStream stream, string line)
        {
            var told = Interlocked.Increment(ref lines);
            if (told <= MaxLines) output.Line(stream, Step, line);
            if (told == MaxLines) output.Say("what more it prints is left out", Step);
        }
    }

    /// <summary>The rest of a line that is too long is dropped, however long it gets; a plan is many short ones.</summary>
    private static async Task ReadAsync(StreamReader reader, Action<string> each, CancellationToken ct)
    {
        var (buffer, line) = (new char[8 * 1024], new StringBuilder());
        for (var read = await reader.ReadAsync(buffer, ct); read > 0; read = await reader.ReadAsync(buffer, ct))
        {
            foreach (var c in buffer.AsSpan(0, read))
            {
                if (c == '\n') End();
                else if (line.Length < MaxText) line.Append(c);
            }
        }

        if (line.Length > 0) End();

        void End()
        {
            each(line.ToString().TrimEnd('\r'));
            line.Clear();
        }
    }
}
