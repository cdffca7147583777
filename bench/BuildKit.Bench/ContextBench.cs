using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using BuildKit.Client;

namespace BuildKit.Bench;

/// <summary>Small and cached, 20,000 files new to the daemon, the same unchanged. The one that begins changes from round to round.</summary>
internal static class ContextBench
{
    private const int Files = 20_000;
    private const string Dockerfile = "FROM scratch\nCOPY . /app/\n";

    public static async Task RunAsync(BuildKitClient client, int rounds)
    {
        var root = Directory.CreateTempSubdirectory("bkbench").FullName;
        try
        {
            await CachedAsync(client, Path.Combine(root, "small"), rounds);
            await ManyAsync(client, root, rounds);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task CachedAsync(BuildKitClient client, string folder, int rounds)
    {
        Make(folder, 20, 2000);
        var row = new Row("20 files, all cached");
        var key = NewKey();
        for (var i = -1; i < rounds; i++) await row.RoundAsync(i, () => ClientAsync(client, folder, key), () => DockerAsync(folder));
        row.Print();
    }

    private static async Task ManyAsync(BuildKitClient client, string root, int rounds)
    {
        var (cold, warm) = (new Row("20,000 files, 32 MB, new to the daemon, COPY cached"), new Row("the same, unchanged"));
        var source = Path.Combine(root, "source");
        Make(source, Files, 1600);
        for (var i = -1; i < rounds; i++)
        {
            // A folder of its own each time: docker's key is made of the path, ours is new.
            var folder = Path.Combine(root, $"copy{i}");
            await RunAsync("cp", "-a", source, folder);
            var key = NewKey();
            await cold.RoundAsync(i, () => ClientAsync(client, folder, key), () => DockerAsync(folder));
            await warm.RoundAsync(i, () => ClientAsync(client, folder, key), () => DockerAsync(folder));
            Directory.Delete(folder, recursive: true);
        }

        cold.Print();
        warm.Print();
        foreach (var record in await client.DiskUsageAsync(["type==source.local"], default))
        {
            // The copies that this made, 32 MB each; others' are in use or older.
            if (!record.InUse && record.Description.StartsWith("local source for", StringComparison.Ordinal) && record.Size > 20 << 20 && record.CreatedAt > TimeProvider.System.GetUtcNow().AddHours(-1))
                await client.PruneAsync(new() { Filters = [$"id=={record.Id}"] }, default);
        }
    }

    private static Task ClientAsync(BuildKitClient client, string folder, string key) => client.BuildAsync(
        new() { Context = new DirectoryContext(folder), Dockerfile = new DirectoryContext(folder), SharedKey = key }, null, default);

    private static Task DockerAsync(string folder) => RunAsync("/usr/bin/docker", "build", "-q", folder);

    private static string NewKey() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["DOCKER_BUILDKIT"] = "1" } };
        using var process = Process.Start(start) ?? throw new InvalidOperationException(program);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program}: {await error}");
        await output;
    }

    private static void Make(string folder, int files, int bytes)
    {
        for (var i = 0; i < files; i++)
        {
            var at = Directory.CreateDirectory(Path.Combine(folder, $"{i % 100}")).FullName;
            File.WriteAllBytes(Path.Combine(at, $"{i}.bin"), RandomNumberGenerator.GetBytes(bytes));
        }

        File.WriteAllText(Path.Combine(folder, "Dockerfile"), Dockerfile);
    }

    private sealed class Row(string name)
    {
        private readonly List<double> _client = [];
        private readonly List<double> _docker = [];

        /// <summary>Round -1 warms up and does not count.</summary>
        public async Task RoundAsync(int round, Func<Task> client, Func<Task> docker)
        {
            foreach (var isClient in round % 2 == 0 ? new[] { true, false } : [false, true])
            {
                var clock = Stopwatch.StartNew();
                await (isClient ? client() : docker());
                if (round >= 0) (isClient ? _client : _docker).Add(clock.Elapsed.TotalMilliseconds);
            }
        }

        public void Print()
        {
            var (ours, theirs) = (Median(_client), Median(_docker));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {theirs:0} ms (min {_docker.Min():0}) | {ours:0} ms (min {_client.Min():0}) | {ours / theirs:0.00} | {_client.Min() / _docker.Min():0.00} |"));
        }

        private static double Median(List<double> all) => all.Order().ElementAt(all.Count / 2);
    }
}
