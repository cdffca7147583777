using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using BuildKit.Client;

namespace BuildKit.Bench;

/// <summary>A step that prints; the daemon must have its limits lifted (BUILDKIT_STEP_LOG_MAX_SIZE and _SPEED = -1).</summary>
internal static class LogBench
{
    private const string Busybox = "/bin/busybox";

    public static async Task RunAsync(BuildKitClient client, int lines)
    {
        var folder = Directory.CreateTempSubdirectory("bklog").FullName;
        try
        {
            File.Copy(Busybox, Path.Combine(folder, "busybox"));
            var key = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
            var options = new BuildOptions
            {
                Context = new DirectoryContext(folder),
                Dockerfile = MemoryContext.Dockerfile($"FROM scratch\nCOPY busybox /bin/busybox\nRUN [\"/bin/busybox\", \"awk\", \"BEGIN {{ for (i = 1; i <= {lines}; i++) print \\\"{key} line\\\", i, \\\"of a step that has much to say\\\" }}\"]\n"),
                SharedKey = key,
            };
            var assembly = new StepLines();
            var (count, bytes, clipped) = (0, 0L, false);
            Stopwatch? clock = null;
            await foreach (var happened in client.SolveAsync(options, default))
            {
                foreach (var line in assembly.Add(happened))
                {
                    clock ??= Stopwatch.StartNew();
                    count++;
                    bytes += line.Text.Length;
                    clipped |= line.IsClipNotice;
                }
            }

            var seconds = clock?.Elapsed.TotalSeconds ?? 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {lines:N0} | {count:N0}{(clipped ? " (clipped)" : "")} | {seconds:0.0} s | {count / seconds:N0} | {bytes / seconds / 1e6:0.0} MB/s | {PeakMegabytes()} MiB |"));
            if (count < lines) Environment.ExitCode = 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long PeakMegabytes() => long.Parse(File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
}
