using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Metrics;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Queueing;
using Slipway.Edge;
using Slipway.Server.Api;
using Slipway.Server.Api.Status;
using Slipway.Server.Hosting;
using Slipway.Store;

namespace Slipway.Server.Metrics;

/// <summary>What is measured by which role.</summary>
internal static class MetricsSetup
{
    /// <summary>For any process: its own numbers, those of a worker, and the listener of <c>Slipway:Metrics:Port</c>. More with <see cref="GaugeSetup.AddGauge"/>.</summary>
    public static IServiceCollection AddProcessMetrics(this IServiceCollection services, IConfiguration settings) => services
        .AddMetrics()
        .AddSingleton(MetricsOptions.Read(settings))
        .AddSingleton<MetricsToken>().AddSingleton<GaugeBoard>().AddSingleton<MetricsPage>()
        .AddSingleton<WorkerMetrics>()
        .AddSingleton<MetricsListener>().AddHostedService(s => s.GetRequiredService<MetricsListener>());

    /// <summary>For who holds the store, the engine and the home's disk.</summary>
    public static IServiceCollection AddControlPlaneMetrics(this IServiceCollection services, IConfiguration settings) => services
        .AddProcessMetrics(settings)
        .AddSingleton<DeploymentMetrics>().AddSingleton<BuildLogMetrics>().AddSingleton<InstanceMetrics>()
        .AddSingleton<CacheSize>().AddSingleton<DeploymentExposition>()
        .AddGauge("slipway.deployments", "{deployment}", "Deployments by state.", DeploymentsAsync)
        .AddGauge("slipway.queue.depth", "{deployment}", "Deployments that wait for a worker.", DepthAsync)
        .AddGauge("slipway.queue.oldest", "s", "How long ago the longest waiting of them was made; 0 when none waits.", OldestAsync)
        .AddGauge("slipway.queue.dead_letters", "{job}", "Jobs that were given up and wait for somebody to look.", async (s, ct) => [new Reading((await s.GetRequiredService<IDeadLetters>().ListAsync(ct)).Count)])
        .AddGauge("slipway.instances", "{instance}", "Instances by state: running, frozen, exited or created; those asleep are frozen or exited.", InstancesAsync)
        .AddGauge("slipway.edge.up", "1", "1 while the edge runs, else 0.", (s, _) => Of(s.GetRequiredService<SelfAddress>().Edge is null ? 0 : 1))
        .AddGauge("slipway.disk.total", "By", "The disk that the home is on.", (s, _) => Of(s.GetRequiredService<DiskUse>().TotalBytes()))
        .AddGauge("slipway.disk.free", "By", "What is free of it.", (s, _) => Of(s.GetRequiredService<DiskUse>().FreeBytes()))
        .AddGauge("slipway.disk.home", "By", "What the home takes: database, uploads, work folders; measured every five minutes.", (s, _) => Of(s.GetRequiredService<DiskUse>().HomeBytes(TimeSpan.FromMinutes(5))))
        .AddGauge("slipway.disk.engine", "By", "What the engine's store takes, by kind: images (this home's) or cache; measured every ten minutes.", (s, _) => Task.FromResult(s.GetRequiredService<CacheSize>().Read()));

    public static void MapMetrics(this IEndpointRouteBuilder app)
    {
        app.MapGet("/metrics", (HttpContext context, MetricsPage page) => page.WriteAsync(context)).ExcludeFromDescription();
        app.MapGet("/metrics/edge", EdgeAsync).ExcludeFromDescription();
    }

    /// <summary>The edge listens to nobody but the control plane unless it is told to.</summary>
    private static async Task<IResult> EdgeAsync(EdgeMetricsReader edge, CancellationToken ct) => await edge.ReadAsync(ct) is { } text
        ? TypedResults.Bytes(text, EdgeMetricsReader.ContentType)
        : new Core.Failure("edge.down", "the edge does not answer", "see 'slipway status'").Problem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IReadOnlyList<Reading>> DeploymentsAsync(IServiceProvider services, CancellationToken ct)
    {
        var counts = await services.GetRequiredService<StoreCounts>().DeploymentsAsync(ct);
        return [.. Enum.GetValues<DeploymentState>().Select(state => Reading.Of(counts.GetValueOrDefault(state), "state", state.ToWire()))];
    }

    private static async Task<IReadOnlyList<Reading>> DepthAsync(IServiceProvider services, CancellationToken ct) =>
        [new Reading((await services.GetRequiredService<StoreCounts>().DeploymentsAsync(ct)).GetValueOrDefault(DeploymentState.Queued))];

    private static async Task<IReadOnlyList<Reading>> OldestAsync(IServiceProvider services, CancellationToken ct)
    {
        var oldest = await services.GetRequiredService<StoreCounts>().OldestAsync(DeploymentState.Queued, ct);
        return [new Reading(oldest is { } since ? Math.Max(0, (services.GetRequiredService<TimeProvider>().GetUtcNow() - since).TotalSeconds) : 0)];
    }

    private static async Task<IReadOnlyList<Reading>> InstancesAsync(IServiceProvider services, CancellationToken ct)
    {
        var there = await services.GetRequiredService<IContainerRuntime>().ListAsync(ct);
        return [.. Enum.GetValues<InstanceState>().Select(state => Reading.Of(there.Count(i => i.State == state), "state", state.ToString().ToLowerInvariant()))];
    }

    private static Task<IReadOnlyList<Reading>> Of(double value) => Task.FromResult<IReadOnlyList<Reading>>([new Reading(value)]);
}
