using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Testing.Hosting;

/// <summary>What Prometheus is to scrape.</summary>
/// <param name="Job">The <c>job</c> label.</param>
/// <param name="Address">host:port.</param>
/// <param name="TokenFile">Of the bearer token; null: none is sent.</param>
public sealed record PrometheusTarget(string Job, string Address, string Path = "/metrics", string? TokenFile = null);

/// <summary>Debian's prometheus on loopback, scraping each second, in a folder that goes with it.</summary>
public sealed class PrometheusServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/prometheus";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-prometheus-").FullName;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };
    private Process? _process;

    private PrometheusServer() => Address = $"127.0.0.1:{FreePort()}";

    public string Address { get; }

    /// <summary>First thing in a test.</summary>
    public static void Require()
    {
        if (File.Exists(Program)) return;
        const string missing = "Prometheus is not installed: apt-get install prometheus (./test does it)";
        if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing);
        Assert.Skip(missing);
    }

    /// <param name="rules">A file of alert rules; null: none.</param>
    public static async Task<PrometheusServer> StartAsync(IReadOnlyList<PrometheusTarget> targets, string? rules = null)
    {
        Require();
        var server = new PrometheusServer();
        var config = Path.Combine(server._folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, Config(targets, rules));
        await HostTool.RunAsync("promtool", "check", "config", config);
        string[] arguments =
            [$"--config.file={config}", $"--storage.tsdb.path={server._folder}/data", $"--web.listen-address={server.Address}", "--log.level=warn"];
        server._process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }) ?? throw new InvalidOperationException("prometheus did not start");
        server._process.OutputDataReceived += (_, _) => { };
        server._process.ErrorDataReceived += (_, _) => { };
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        await Looking.ListensAsync(new Uri($"http://{server.Address}/-/ready"), Patience);
        return server;
    }

    /// <summary>Values of an instant query, each with its labels; none: nothing matches.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> AskAsync(string query)
    {
        var answer = JsonNode.Parse(await _http.GetStringAsync(new Uri($"http://{Address}/api/v1/query?query={Uri.EscapeDataString(query)}")));
        return [.. answer!["data"]!["result"]!.AsArray().Select(r => (
            (IReadOnlyDictionary<string, string>)r!["metric"]!.AsObject().ToDictionary(l => l.Key, l => l.Value!.GetValue<string>()),
            double.Parse(r["value"]![1]!.GetValue<string>(), CultureInfo.InvariantCulture)))];
    }

    /// <summary>The values of a query, once they are as wanted.</summary>
    public Task<double[]> UntilAsync(string query, Func<double[], bool> isWanted) => Looking.UntilAsync(async () =>
    {
        try
        {
            double[] values = [.. (await AskAsync(query)).Select(v => v.Value)];
            return isWanted(values) ? values : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }, Patience, $"what is wanted of {query}");

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        _process?.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Config(IReadOnlyList<PrometheusTarget> targets, string? rules)
    {
        var text = new StringBuilder("global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }\n");
        if (rules is not null) text.Append(CultureInfo.InvariantCulture, $"rule_files: ['{rules}']\n");
        text.Append("scrape_configs:\n");
        foreach (var job in targets.GroupBy(t => (t.Job, t.Path, t.TokenFile)))
        {
            text.Append(CultureInfo.InvariantCulture, $"  - job_name: '{job.Key.Job}'\n    metrics_path: '{job.Key.Path}'\n");
            if (job.Key.TokenFile is { } file) text.Append(CultureInfo.InvariantCulture, $"    authorization: {{ credentials_file: '{file}' }}\n");
            text.Append(CultureInfo.InvariantCulture, $"    static_configs: [{{ targets: [{string.Join(", ", job.Select(t => $"'{t.Address}'"))}] }}]\n");
        }

        return text.ToString();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
