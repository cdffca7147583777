using System.Diagnostics;

namespace EndToEnd.Tests.Bounded;

/// <summary>A program of the host, by an argument array.</summary>
internal static class Tool
{
    private static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    public static string Find(string program) => Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? throw new InvalidOperationException($"{program} is not installed");

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Find(program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}");
    }

    /// <summary>Looks every 20 ms.</summary>
    public static async Task<T> UntilAsync<T>(Func<T?> look, TimeSpan limit, string what) where T : class
    {
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (clock.Elapsed < limit)
        {
            if (look() is { } found) return found;
            await timer.WaitForNextTickAsync();
        }

        throw new TimeoutException($"{what}: not within {limit}");
    }
}
