using System.ComponentModel;
using System.Diagnostics;

namespace Slipway.Host;

/// <summary>How a program ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors);

/// <summary>Runs a program of the host by an argument array, its input from a text.</summary>
internal static class HostCommand
{
    // An ordinary user's PATH lacks them.
    private static readonly string[] SystemFolders = ["/usr/sbin", "/sbin"];

    /// <summary>Its full path; null when it is not installed.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(SystemFolders).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public static async Task<CommandResult> RunAsync(
        string program, IReadOnlyList<string> arguments, string input, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new Win32Exception($"{program} did not start.");
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(both.Token), process.StandardError.ReadToEndAsync(both.Token));
            await WriteAsync(process, input, both.Token);
            await process.WaitForExitAsync(both.Token);
            return new(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutException($"{program} took longer than {limit.TotalSeconds:0} s.");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken ct)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code and its words tell why.
        }
    }
}
