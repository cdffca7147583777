using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Metrics;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Queueing;
using Slipway.Edge.Metrics;
using Slipway.Server.Hosting;
using Slipway.Server.Metrics;
using Slipway.Server.Roles;
using Slipway.Testing;

namespace Server.Tests;

/// <summary>Every number that Slipway tells, printed from the code that counts it.</summary>
public sealed class MetricsDocTests(RunningApi api) : IClassFixture<RunningApi>
{
    [Fact]
    public void The_metrics_are_what_the_page_says()
    {
        var found = new Dictionary<string, Instrument>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => { if (instrument.Meter.Name == SlipwayMeter.Name) lock (found) found[instrument.Name] = instrument; } };
        listener.Start();
        Type[] counting = [typeof(DeploymentMetrics), typeof(BuildLogMetrics), typeof(InstanceMetrics), typeof(WorkerMetrics)];
        foreach (var type in counting) api.Services.GetRequiredService(type);
        api.Services.GetRequiredService<MetricsPage>().Begin();

        var text = new StringBuilder("""
            # Metrics

            Printed from the code by `tests/Server.Tests`. How to scrape: [production.md](production.md#seen-from-outside). Counters begin
            with the first scrape, or with the process where `Slipway:Metrics` is set; alert rules are in `deploy/prometheus/slipway.rules.yml`.
            Histograms have `_bucket`, `_sum` and `_count`. No label names a host, and only those of [deployments](#deployments) name a project: their number has no end.

            ## Server and worker

            A worker tells `slipway_worker_*` and what its process uses. Beside these each tells the runtime's own (`dotnet_process_memory_working_set_bytes`,
            `dotnet_process_cpu_time_seconds_total`, `dotnet_gc_*`, …), and the server its API's requests (`http_server_request_duration_seconds`, by `http_route`).

            | metric | kind | |
            |---|---|---|

            """);
        var rows = found.Values.Select(i => (Name: Name(i.Name, i.Unit, Kind(i)), Kind: Kind(i), Meaning: i.Description ?? ""))
            .Concat(OfNats().Select(g => (Name: Name(g.Name, g.Unit, "gauge"), Kind: "gauge", Meaning: $"{g.Meaning} Where NATS is used.")));
        foreach (var (name, kind, meaning) in rows.OrderBy(row => row.Name, StringComparer.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"| `{name}` | {kind} | {meaning} |\n");
        text.Append(CultureInfo.InvariantCulture, $"""

            ## Deployments

            Told by the server, with the labels `project` and `deployment` (its hash), of deployments whose app runs, {DeploymentExposition.Most} at most, production's first: one that sleeps
            or has ended leaves until it is back. What the machine's own files tell (cgroups and `/proc`) costs nothing; where the server can't see them, as
            in the stack's container, the engine is asked at each scrape. `slipway stats [PROJECT]`, `GET /v1/metrics` and `GET /v1/deployments/ID/metrics` tell the same of sleepers too,
            with rates and latencies of the last five minutes.

            | metric | kind | |
            |---|---|---|

            """);
        foreach (var metric in DeploymentMetric.All) text.Append(CultureInfo.InvariantCulture, $"| `{metric.Name}` | {metric.Kind} | {metric.Meaning} |\n");
        text.Append("\n## Edge\n\n| metric | kind | |\n|---|---|---|\n");
        foreach (var metric in EdgeMetric.All) text.Append(CultureInfo.InvariantCulture, $"| `{metric.Name}` | {metric.Kind} | {metric.Meaning} |\n");
        Golden.Match(text.ToString(), "docs/metrics.md");
    }

    [Fact]
    public void Rules_ask_for_nothing_that_is_not_told()
    {
        var told = File.ReadAllText(Path.Combine(Golden.Root, "docs/metrics.md"));
        var rules = File.ReadAllText(Path.Combine(Golden.Root, "deploy/prometheus/slipway.rules.yml"));
        var asked = System.Text.RegularExpressions.Regex.Matches(rules, @"\bslipway_[a-z_]+").Select(m => m.Value).Distinct().ToList();
        Assert.NotEmpty(asked);
        Assert.All(asked, name => Assert.Contains($"`{System.Text.RegularExpressions.Regex.Replace(name, "_(bucket|sum|count)$", "")}`", told, StringComparison.Ordinal));
    }

    /// <summary>Those that are there only where a NATS server is named.</summary>
    private Gauge[] OfNats()
    {
        var services = new ServiceCollection();
        AddAdapters.AddQueue(services, new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("Slipway:Nats:Url", (string?)"nats://nats.test:4222")]).Build(), api.Services.GetRequiredService<HomeFolder>());
        using var provider = services.BuildServiceProvider();
        return [.. provider.GetServices<Gauge>()];
    }

    /// <summary>As OpenTelemetry's exporter makes it; the real Prometheus in <see cref="MetricsTests"/> finds them by these.</summary>
    private static string Name(string name, string? unit, string kind) =>
        name.Replace('.', '_') + unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" } + (kind == "counter" ? "_total" : "");

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch { "Counter" => "counter", "Histogram" => "histogram", _ => "gauge" };
}
