using System.Diagnostics;

namespace Slipway.Docker.BaseImages;

/// <summary>Runs a program of the host by an argument array. Its lines go to <c>output</c>; a failure carries the last of them.</summary>
internal static class HostCommand
{
    private const int LinesKept = 20;

    public static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, program)));

    public static async Task RunAsync(
        string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment,
        Action<string> output, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var last = new Queue<string>();
        try
        {
            await Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
            await process.WaitForExitAsync(ct);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }

        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} failed with exit code {process.ExitCode}:\n{string.Join('\n', last)}");

        async Task ReadAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync(ct) is { } line)
                lock (last)
                {
                    if (last.Count == LinesKept) last.Dequeue();
                    last.Enqueue(line);
                    output(line);
                }
        }
    }
}
