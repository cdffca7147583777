using System.Globalization;
using System.Text;
using Slipway.Edge.Caching;
using Slipway.Edge.Forwarding;
using Slipway.Edge.Hosts;
using Slipway.Edge.Passwords;
using Slipway.Edge.Sleeping;

namespace Slipway.Edge.Metrics;

/// <summary>The edge's numbers in Prometheus's text format; by hand, for the edge is published ahead of time and has no need of a library.</summary>
internal sealed class EdgeExposition(TableKeeper tables, WaitingRoom room, WantBoard wants, EdgeCounters counters, PasswordCheck passwords, AssetCache cache, DateTimeOffset startedAt)
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public string Write()
    {
        var text = new StringBuilder(16 * 1024);
        WriteRequests(text);
        One(text, EdgeMetric.Begun, counters.Requests);
        One(text, EdgeMetric.InFlight, tables.InFlight);
        One(text, EdgeMetric.Waiting, room.Waiting);
        One(text, EdgeMetric.Waited, room.Waited);
        One(text, EdgeMetric.TurnedAway, room.TurnedAway);
        One(text, EdgeMetric.Wakes, wants.Noted);
        One(text, EdgeMetric.Retries, counters.Retries);
        One(text, EdgeMetric.AppFailures, counters.AppFailures);
        One(text, EdgeMetric.UnknownHosts, counters.UnknownHosts);
        One(text, EdgeMetric.Refused, counters.Refused);
        One(text, EdgeMetric.Passwords, passwords.Refused);
        One(text, EdgeMetric.CacheHits, cache.Hits);
        One(text, EdgeMetric.CacheMisses, cache.Misses);
        One(text, EdgeMetric.CacheBytes, cache.Bytes);
        var table = tables.Current;
        One(text, EdgeMetric.Table, table.Source.Number);
        One(text, EdgeMetric.Hosts, table.Hosts.Count);
        One(text, EdgeMetric.Sleepers, table.Sleepers.Count);
        One(text, EdgeMetric.Memory, Environment.WorkingSet);
        One(text, EdgeMetric.Processor, Environment.CpuUsage.TotalTime.TotalSeconds);
        One(text, EdgeMetric.Started, startedAt.ToUnixTimeMilliseconds() / 1000.0);
        return text.ToString();
    }

    private void WriteRequests(StringBuilder text)
    {
        Head(text, EdgeMetric.Requests);
        for (var kind = 0; kind < AnswerClass.Names.Length; kind++)
        {
            Histogram(text, counters.Latency(kind, isOwn: false), $"class=\"{AnswerClass.Names[kind]}\",from=\"app\"");
            Histogram(text, counters.Latency(kind, isOwn: true), $"class=\"{AnswerClass.Names[kind]}\",from=\"edge\"");
        }
    }

    private static void Histogram(StringBuilder text, LatencyHistogram histogram, string labels)
    {
        var name = EdgeMetric.Requests.Name;
        var counts = histogram.Cumulative();
        for (var i = 0; i < counts.Length; i++)
        {
            var end = i < LatencyHistogram.Bounds.Length ? LatencyHistogram.Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{labels},le=\"{end}\"}} {counts[i]}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{name}_sum{{{labels}}} {histogram.SumSeconds}\n{name}_count{{{labels}}} {counts[^1]}\n");
    }

    private static void One(StringBuilder text, EdgeMetric metric, double value)
    {
        Head(text, metric);
        text.Append(CultureInfo.InvariantCulture, $"{metric.Name} {value}\n");
    }

    private static void Head(StringBuilder text, EdgeMetric metric) => text.Append(CultureInfo.InvariantCulture, $"# HELP {metric.Name} {metric.Meaning}\n# TYPE {metric.Name} {metric.Kind}\n");
}
