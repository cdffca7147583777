using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Queueing;
using Slipway.Core.Tenancy;
using Slipway.Testing;
using Slipway.Testing.Contracts;
using Slipway.Testing.Postgres;

namespace Contract.Tests.Store;

/// <summary>Several processes on one PostgreSQL: nothing is shared but the database and the key.</summary>
public sealed class PostgresProcessesTests : IAsyncLifetime
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-store-").FullName;
    private readonly WatchedTime _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly List<ServiceProvider> _processes = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private StoreParts First => SqliteStore.PartsOf(_processes[0], () => ValueTask.CompletedTask);

    private StoreParts Second => SqliteStore.PartsOf(_processes[1], () => ValueTask.CompletedTask);

    public async ValueTask InitializeAsync()
    {
        var server = await SharedPostgres.ServerAsync();
        var connection = await PostgresStore.NewSchemaAsync(server);
        for (var i = 0; i < 2; i++) _processes.Add(await PostgresStore.OpenAsync(connection, server, _folder, _time));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_deployment_is_claimed_once()
    {
        using var scope = TeamScope.EnterSystem();
        for (var round = 0; round < 15; round++)
        {
            var deployment = await AddDeploymentAsync();
            var claims = await Task.WhenAll(new[] { First, Second }.SelectMany(store => Enumerable.Range(0, 3).Select(i => Task.Run(() =>
                store.Deployments.ApplyAsync(deployment.Id, new BuildStarted(1, $"worker-{i}"), Ct))))).Soon();
            Assert.Single(claims, claim => claim is not null);
        }
    }

    [Fact]
    public async Task Jobs_are_shared_without_taking_one_twice()
    {
        var queues = new[] { First.Queue, Second.Queue };
        var jobs = Enumerable.Range(0, 40).Select(_ => new Job(StrongId.New<DeploymentId>(_time))).ToList();
        await Task.WhenAll(jobs.SelectMany(job => queues.Select(queue => Task.Run(() => queue.EnqueueAsync(job, Ct))))).Soon();
        var leases = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => queues[i % 2].LeaseAsync("w", Duration, Ct)))).Soon();
        Assert.Equal(jobs.Select(job => job.Id).Order(), leases.Select(lease => lease.Job.Id).Order());
        Assert.All(leases, lease => Assert.Equal(1, lease.Attempt));
    }

    [Fact]
    public async Task Log_batches_that_come_twice_at_once_are_stored_once()
    {
        using var scope = TeamScope.EnterSystem();
        var deployment = await AddDeploymentAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).SelectMany(batch => new[] { First, Second }.Select(store => Task.Run(() =>
            store.Log.AppendAsync(deployment.Id, 1, batch, StoreSamples.Lines(_time, $"batch {batch}"), Ct))))).Soon();
        var lines = await First.Log.ReadAsync(deployment.Id, 0, 100, Ct);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), lines.Select(line => line.Sequence));
        Assert.Equal(20, lines.Select(line => line.Text).Distinct().Count());
    }

    [Fact]
    public async Task A_job_and_a_line_by_another_process_are_found_by_looking_again()
    {
        using var scope = TeamScope.EnterSystem();
        var deployment = await AddDeploymentAsync();
        var waiting = First.Queue.LeaseAsync("w", Duration, Ct);
        await _time.AsleepAsync(waiting);
        await Second.Queue.EnqueueAsync(new Job(deployment.Id), Ct);
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(deployment.Id, (await waiting.Soon()).Job.Deployment);

        var following = First.Log.FollowAsync(deployment.Id, 0, Ct).CollectAsync(1);
        await _time.AsleepAsync(following);
        await Second.Log.AppendAsync(deployment.Id, 1, 1, StoreSamples.Lines(_time, "from afar"), Ct);
        Assert.False(following.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("from afar", Assert.Single(await following.Soon()).Text);
    }

    private async Task<Deployment> AddDeploymentAsync()
    {
        var project = (await First.Projects.CreateAsync(StoreSamples.Project(_time), Ct)).Value;
        return (await First.Deployments.CreateAsync(StoreSamples.Deployment(_time, project), Ct)).Value;
    }
}
