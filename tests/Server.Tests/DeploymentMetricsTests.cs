using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Server.Metrics;
using Slipway.Testing;
using Slipway.Testing.Hosting;
using Slipway.Testing.InMemory;

namespace Server.Tests;

/// <summary>What deployments use and how they answer: by the API, and as a real Prometheus reads it.</summary>
[Collection(AloneCollection.Name)]
public sealed class DeploymentMetricsTests : IAsyncLifetime
{
    private readonly InMemoryRouter _router = new(TimeProvider.System);
    private readonly Measured _usage = new();
    private RunningApi? _api;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private RunningApi Api => _api ?? throw new InvalidOperationException("not begun");

    public async ValueTask InitializeAsync()
    {
        _api = new RunningApi(Directory.CreateTempSubdirectory("slipway-api-").FullName, services =>
            services.RemoveAll<IRouter>().RemoveAll<IInstanceUsage>().AddSingleton<IRouter>(_router).AddSingleton<IInstanceUsage>(_usage));
        await _api.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null) await _api.DisposeAsync();
    }

    [Fact]
    public async Task They_are_told_by_the_API_with_their_rates()
    {
        using var client = new SlipwayClient(Api.Address, Api.Token);
        var (serving, frozen) = await DeployAsync();
        await Api.Services.GetRequiredService<DeploymentSampler>().LookAsync(mayAsk: true, Ct);
        _router.Answered = [new DeploymentTraffic(serving.Id, [0, 90, 0, 0, 10, 0], [50, 50, .. new long[11]], 3)];

        var all = await client.MetricsAsync(serving.ProjectName, Ct);
        Assert.Equal([(serving.Hash, true, "running"), (frozen.Hash, false, "frozen")], all.Select(m => (m.Deployment, m.Production, m.State)));
        var m = all[0];
        Assert.Equal((12.5, 300L << 20, 512L << 20, 1000L, 2000L), (m.CpuSeconds, m.MemoryBytes, m.MemoryLimitBytes, m.ReceivedBytes, m.SentBytes));
        Assert.Equal((90, 10, 0), (m.Requests["2xx"], m.Requests["5xx"], m.Requests["gone"]));
        Assert.Equal((5d, 9d), (Math.Round(m.Latency?.P50Ms ?? 0, 6), Math.Round(m.Latency?.P90Ms ?? 0, 6)));
        Assert.True(m.RequestsPerSecond > 0);
        Assert.Equal((2, 137, true), (m.Restarts, m.LastExit?.ExitCode, m.LastExit?.OutOfMemory));
        Assert.Null(all[1].CpuSeconds);
        Assert.Equal("project.not_found", (await Assert.ThrowsAsync<SlipwayApiException>(() => client.MetricsAsync("nobody", Ct))).Code);
    }

    [Fact]
    public async Task A_real_Prometheus_reads_those_that_run_beside_the_servers_own()
    {
        PrometheusServer.Require();
        var (serving, frozen) = await DeployAsync();
        _router.Answered = [new DeploymentTraffic(serving.Id, [0, 90, 0, 0, 10, 0], [50, 50, .. new long[11]], 3)];
        using var http = Api.Http();
        var text = await http.GetStringAsync("/metrics", Ct);
        var token = Path.GetTempFileName();
        await File.WriteAllTextAsync(token, Api.Token, Ct);
        await using (var prometheus = await PrometheusServer.StartAsync([new("slipway-server", Api.Address.Authority, TokenFile: token)]))
        {
            var labels = $"project=\"{serving.ProjectName}\",deployment=\"{serving.Hash}\"";
            await prometheus.UntilAsync("up", up => up is [1]);
            await prometheus.UntilAsync($"slipway_deployment_cpu_seconds_total{{{labels}}}", cpu => cpu is [12.5]);
            await prometheus.UntilAsync($"slipway_deployment_requests_total{{{labels},class=\"5xx\"}}", failed => failed is [10]);
            await prometheus.UntilAsync($"slipway_deployment_out_of_memory_total{{{labels}}}", killed => killed is [2]);
            await prometheus.UntilAsync($"histogram_quantile(0.5, slipway_deployment_request_duration_seconds_bucket{{{labels}}})", median => median is [0.005]);
            await prometheus.UntilAsync("slipway_queue_depth", depth => depth is [_]);
            Assert.Empty(await prometheus.AskAsync($"slipway_deployment_memory_bytes{{deployment=\"{frozen.Hash}\"}}"));
        }

        Assert.All(DeploymentMetric.All, metric => Assert.Contains($"# TYPE {metric.Name} {metric.Kind}\n", text, StringComparison.Ordinal));
        File.Delete(token);
    }

    private async Task<(Deployment Serving, Deployment Frozen)> DeployAsync()
    {
        using var system = TeamScope.EnterSystem();
        var (projects, deployments, observed) = (Api.Services.GetRequiredService<IProjectStore>(), Api.Services.GetRequiredService<IDeploymentStore>(), Api.Services.GetRequiredService<ObservedInstances>());
        var project = (await projects.CreateAsync(StoreSamples.Project(TimeProvider.System), Ct)).Value;
        var (serving, frozen) = (await OneAsync(), await OneAsync());
        await projects.UpdateAsync(project.Id, p => p with { Production = serving.Id }, Ct);
        var running = new Instance(InstanceId.Of(serving.Id), serving.Id, "app", InstanceState.Running, "10.0.0.1", 3000, TimeProvider.System.GetUtcNow(), null, null, false);
        observed.Publish([running, running with { Id = InstanceId.Of(frozen.Id), Deployment = frozen.Id, State = InstanceState.Frozen }]);
        var killed = running with { State = InstanceState.Exited, ExitCode = 137, WasOutOfMemory = true };
        observed.NoteRestart(serving.Id, killed);
        observed.NoteRestart(serving.Id, killed);
        return (serving, frozen);

        async Task<Deployment> OneAsync()
        {
            var d = (await deployments.CreateAsync(StoreSamples.Deployment(TimeProvider.System, project), Ct)).Value;
            foreach (var happened in StoreSamples.PathTo(DeploymentState.Ready)) await deployments.ApplyAsync(d.Id, happened, Ct);
            return d;
        }
    }

    private sealed class Measured : IInstanceUsage
    {
        public Task<IReadOnlyDictionary<InstanceId, InstanceUsage>> ReadAsync(IReadOnlyCollection<Instance> instances, bool mayAsk, CancellationToken ct) =>
            Task.FromResult<IReadOnlyDictionary<InstanceId, InstanceUsage>>(instances.Where(i => i.State == InstanceState.Running)
                .ToDictionary(i => i.Id, _ => new InstanceUsage(TimeProvider.System.GetUtcNow(), 12.5, 300L << 20, 512L << 20, 1000, 2000)));
    }
}
