namespace Slipway.Edge.Metrics;

/// <summary>One name of the edge's metrics.</summary>
/// <param name="Kind">As Prometheus calls it: counter, gauge or histogram.</param>
internal sealed record EdgeMetric(string Name, string Kind, string Meaning)
{
    public static readonly EdgeMetric Requests = new("slipway_edge_request_duration_seconds", "histogram", "Answered requests, streams to their end, by class (1xx to 5xx; gone: the client left before an answer) and by from (app, or edge for its own pages).");
    public static readonly EdgeMetric Begun = new("slipway_edge_requests_total", "counter", "Requests that came in.");
    public static readonly EdgeMetric InFlight = new("slipway_edge_in_flight", "gauge", "Requests and streams that are with apps now.");
    public static readonly EdgeMetric Waiting = new("slipway_edge_waiting", "gauge", "Requests that wait now for an app which sleeps or is away for a moment.");
    public static readonly EdgeMetric Waited = new("slipway_edge_waited_total", "counter", "Requests that had to wait for their app.");
    public static readonly EdgeMetric TurnedAway = new("slipway_edge_turned_away_total", "counter", "Requests for which there was no more room to wait.");
    public static readonly EdgeMetric Wakes = new("slipway_edge_wakes_total", "counter", "Sleeping deployments that a request asked to wake.");
    public static readonly EdgeMetric Retries = new("slipway_edge_retries_total", "counter", "Requests sent to an app a second time.");
    public static readonly EdgeMetric AppFailures = new("slipway_edge_app_failures_total", "counter", "Requests that an app did not answer, or not to the end.");
    public static readonly EdgeMetric UnknownHosts = new("slipway_edge_unknown_hosts_total", "counter", "Requests for hosts that are not in the table.");
    public static readonly EdgeMetric Refused = new("slipway_edge_refused_total", "counter", "Requests that were malformed in a way that apps might misread.");
    public static readonly EdgeMetric Passwords = new("slipway_edge_passwords_refused_total", "counter", "Passwords for protected projects that were wrong, or came too often to be looked at.");
    public static readonly EdgeMetric CacheHits = new("slipway_edge_cache_hits_total", "counter", "Requests for immutable assets that were answered from the edge's memory.");
    public static readonly EdgeMetric CacheMisses = new("slipway_edge_cache_misses_total", "counter", "Answers for immutable assets that had to be fetched from their app.");
    public static readonly EdgeMetric CacheBytes = new("slipway_edge_cache_bytes", "gauge", "Memory that kept assets take, all their encodings together.");
    public static readonly EdgeMetric Table = new("slipway_edge_table", "gauge", "Number of the table in force.");
    public static readonly EdgeMetric Hosts = new("slipway_edge_hosts", "gauge", "Hosts in it.");
    public static readonly EdgeMetric Sleepers = new("slipway_edge_sleepers", "gauge", "Deployments in it that sleep.");
    public static readonly EdgeMetric Memory = new("process_resident_memory_bytes", "gauge", "Memory of the edge's process.");
    public static readonly EdgeMetric Processor = new("process_cpu_seconds_total", "counter", "Processor time of the edge's process.");
    public static readonly EdgeMetric Started = new("process_start_time_seconds", "gauge", "When the edge started, in seconds since 1970.");

    public static readonly IReadOnlyList<EdgeMetric> All =
        [Requests, Begun, InFlight, Waiting, Waited, TurnedAway, Wakes, Retries, AppFailures, UnknownHosts, Refused, Passwords, CacheHits, CacheMisses, CacheBytes, Table, Hosts, Sleepers, Memory, Processor, Started];
}
