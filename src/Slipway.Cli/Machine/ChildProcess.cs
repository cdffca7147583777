using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Slipway.Cli.CommandLine;

namespace Slipway.Cli.Machine;

/// <param name="Output">What it wrote to stdout.</param>
/// <param name="Errors">What it wrote to stderr.</param>
internal sealed record ProcessResult(int ExitCode, string Output, string Errors);

/// <summary>Runs a program to its end: arguments as an array, never through a shell.</summary>
internal static class ChildProcess
{
    /// <param name="hear">Each line of its stderr, as it comes.</param>
    /// <exception cref="CliError">The program is missing or took too long.</exception>
    public static async Task<ProcessResult> RunAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan timeout, CancellationToken ct, IReadOnlyDictionary<string, string>? environment = null, Action<string>? hear = null)
    {
        var start = new ProcessStartInfo(Locate(program) ?? program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Start(start);
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout);
        try
        {
            var errors = ErrorsAsync(process.StandardError, hear, limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new ProcessResult(process.ExitCode, output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            if (ct.IsCancellationRequested) throw;
            throw CliError.Broken("machine.timeout", $"'{program} {string.Join(' ', arguments)}' did not end within {timeout.TotalSeconds:0} s");
        }
    }

    private static async Task<string> ErrorsAsync(StreamReader errors, Action<string>? hear, CancellationToken ct)
    {
        if (hear is null) return await errors.ReadToEndAsync(ct);
        var said = new StringBuilder();
        while (await errors.ReadLineAsync(ct) is { } line)
        {
            hear(line);
            said.AppendLine(line);
        }

        return said.ToString();
    }

    /// <summary>Whether a program of that name is on the PATH or in the folders of root's own programs.</summary>
    public static bool Exists(string program) => Locate(program) is not null;

    public static string Find(string program) => Locate(program) ?? throw CliError.Broken("machine.program_missing", $"there is no program '{program}' on this machine");

    private static string? Locate(string program) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin".Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw CliError.Broken("machine.start_failed", $"'{start.FileName}' could not be started");
        }
        catch (Win32Exception e)
        {
            throw CliError.Broken("machine.program_missing", $"'{start.FileName}' could not be started: {e.Message}", inner: e);
        }
    }
}
