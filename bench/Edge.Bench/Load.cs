using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Edge.Bench;

/// <summary>One run of a load generator.</summary>
/// <param name="Cpu">Microseconds of the server's processors a request.</param>
internal sealed record Load(double PerSecond, double P50, double P99, double Cpu)
{
    /// <summary>As much as it takes: wrk with one thread and 32 connections, kept alive.</summary>
    public static async Task<Load> FullAsync(Contender server, string host, string path, int seconds)
    {
        var before = server.CpuSeconds();
        var said = await RunAsync("wrk", "-t1", "-c32", $"-d{seconds}s", "--latency", "-H", $"Host: {host}", $"http://127.0.0.1:{server.Port}{path}");
        var cpu = server.CpuSeconds() - before;
        var requests = Number(said, @"(\d+) requests in");
        if (said.Contains("Non-2xx", StringComparison.Ordinal) || requests == 0) throw new InvalidOperationException($"{server.Name}: {said}");
        return new Load(Number(said, @"Requests/sec:\s+([\d.]+)"), Milliseconds(said, "50%"), Milliseconds(said, "99%"), cpu * 1e6 / requests);
    }

    /// <summary>A usual day: h2load with 16 connections, so many requests a second.</summary>
    public static async Task<Load> PacedAsync(Contender server, string host, int perSecond, int seconds)
    {
        var log = Path.GetTempFileName();
        var before = server.CpuSeconds();
        await RunAsync("h2load", "--h1", "-c", "16", "-t", "1", "--rps", (perSecond / 16).ToString(CultureInfo.InvariantCulture), "-D", seconds.ToString(CultureInfo.InvariantCulture), $"--log-file={log}", "-H", $":authority: {host}", $"http://127.0.0.1:{server.Port}/");
        var cpu = server.CpuSeconds() - before;
        var all = File.ReadLines(log).Select(l => l.Split('\t')).Where(l => l[1] == "200").Select(l => double.Parse(l[2], CultureInfo.InvariantCulture) / 1000).Order().ToArray();
        File.Delete(log);
        if (all.Length == 0) throw new InvalidOperationException($"{server.Name} answered nothing well");
        return new Load((double)all.Length / seconds, all[all.Length / 2], all[all.Length * 99 / 100], cpu * 1e6 / all.Length);
    }

    public static Load MedianOf(IReadOnlyCollection<Load> runs) => new(Median(runs.Select(r => r.PerSecond)), Median(runs.Select(r => r.P50)), Median(runs.Select(r => r.P99)), Median(runs.Select(r => r.Cpu)));

    public static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true }) ?? throw new InvalidOperationException($"no {program}");
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return said;
    }

    private static double Number(string text, string pattern) => Regex.Match(text, pattern) is { Success: true } found ? double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    private static double Milliseconds(string text, string percent)
    {
        var found = Regex.Match(text, $@"{Regex.Escape(percent)}\s+([\d.]+)(us|ms|s)");
        return double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) * found.Groups[2].Value switch { "us" => 0.001, "s" => 1000, _ => 1 };
    }
}
