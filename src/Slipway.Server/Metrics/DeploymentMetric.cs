namespace Slipway.Server.Metrics;

/// <summary>One name of what is told of each deployment that runs.</summary>
/// <param name="Kind">As Prometheus calls it: counter, gauge or histogram.</param>
internal sealed record DeploymentMetric(string Name, string Kind, string Meaning)
{
    public static readonly DeploymentMetric Cpu = new("slipway_deployment_cpu_seconds_total", "counter", "Processor time of its app, since that was started last.");
    public static readonly DeploymentMetric Memory = new("slipway_deployment_memory_bytes", "gauge", "Memory of its app, without the page cache that the kernel would give up at once.");
    public static readonly DeploymentMetric MemoryLimit = new("slipway_deployment_memory_limit_bytes", "gauge", "What it may have of it.");
    public static readonly DeploymentMetric Received = new("slipway_deployment_network_received_bytes_total", "counter", "What came to its app by the network, since that was started last.");
    public static readonly DeploymentMetric Sent = new("slipway_deployment_network_sent_bytes_total", "counter", "What its app sent by the network.");
    public static readonly DeploymentMetric Restarts = new("slipway_deployment_restarts_total", "counter", "How often its app ended and was started again, since the server came up.");
    public static readonly DeploymentMetric OutOfMemory = new("slipway_deployment_out_of_memory_total", "counter", "How often of these because it wanted more memory than it may have.");
    public static readonly DeploymentMetric Requests = new("slipway_deployment_requests_total", "counter", "Requests for its hosts that were answered, by class (1xx to 5xx; gone: the client left before an answer), pages of the edge's own and kept assets among them; since the edge came up.");
    public static readonly DeploymentMetric Duration = new("slipway_deployment_request_duration_seconds", "histogram", "How long they took, streams to their end.");

    public static readonly IReadOnlyList<DeploymentMetric> All = [Cpu, Memory, MemoryLimit, Received, Sent, Restarts, OutOfMemory, Requests, Duration];
}
