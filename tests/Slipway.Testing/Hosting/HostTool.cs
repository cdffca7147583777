using System.Diagnostics;

namespace Slipway.Testing.Hosting;

/// <summary>A program of the host, by an argument array.</summary>
public static class HostTool
{
    private static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    public static string Find(string program) => Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? throw new InvalidOperationException($"{program} is not installed");

    /// <summary>What it printed; an exit code other than 0 is an exception with its last words.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Find(program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true }) ?? throw new InvalidOperationException($"{program} did not start");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}");
    }
}
