using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Queueing;
using Slipway.Core.Tenancy;
using Slipway.Store;
using Slipway.Store.Database;
using Slipway.Testing;
using Slipway.Testing.Contracts;

namespace Contract.Tests.Store;

/// <summary>What only the real file can show: several processes, and a process that was killed.</summary>
public sealed class SqliteFileTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_processes_on_one_file_claim_a_deployment_once_and_never_see_it_busy()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        await using var second = await SqliteStore.OpenAsync(temporary.Folder, temporary.Time);
        var stores = new[] { temporary.Parts, SqliteStore.PartsOf(second, () => ValueTask.CompletedTask) };
        using var scope = TeamScope.EnterSystem();
        for (var round = 0; round < 15; round++)
        {
            var deployment = await AddDeploymentAsync(temporary);
            var claims = await Task.WhenAll(stores.SelectMany(store => Enumerable.Range(0, 3).Select(i => Task.Run(() =>
                store.Deployments.ApplyAsync(deployment.Id, new BuildStarted(1, $"worker-{i}"), Ct))))).Soon();
            Assert.Single(claims, claim => claim is not null);
        }
    }

    [Fact]
    public async Task Two_processes_on_one_file_share_the_jobs_without_taking_one_twice()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        await using var second = await SqliteStore.OpenAsync(temporary.Folder, temporary.Time);
        var queues = new[] { temporary.Parts.Queue, second.GetRequiredService<IWorkQueue>() };
        var jobs = Enumerable.Range(0, 40).Select(_ => new Job(StrongId.New<DeploymentId>(temporary.Time))).ToList();
        await Task.WhenAll(jobs.SelectMany(job => queues.Select(queue => Task.Run(() => queue.EnqueueAsync(job, Ct))))).Soon();
        var leases = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => queues[i % 2].LeaseAsync("w", Duration, Ct)))).Soon();
        Assert.Equal(jobs.Select(job => job.Id).Order(), leases.Select(lease => lease.Job.Id).Order());
        Assert.All(leases, lease => Assert.Equal(1, lease.Attempt));
    }

    [Fact]
    public async Task What_a_process_that_was_killed_held_is_there_for_the_next_at_once()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        var (held, returned) = (new Job(StrongId.New<DeploymentId>(temporary.Time)), new Job(StrongId.New<DeploymentId>(temporary.Time)));
        await temporary.Parts.Queue.EnqueueAsync(returned, Ct);
        await temporary.Parts.Queue.ReturnAsync(await temporary.Parts.Queue.LeaseAsync("w", Duration, Ct), Duration, Ct);
        await temporary.Parts.Queue.EnqueueAsync(held, Ct);
        var dead = await temporary.Parts.Queue.LeaseAsync("w", Duration, Ct);

        await using var next = await SqliteStore.OpenAsync(temporary.Folder, temporary.Time);
        await next.GetRequiredService<EmbeddedLeases>().ReleaseAsync(Ct);
        var queue = next.GetRequiredService<IWorkQueue>();
        var lease = await queue.LeaseAsync("w", Duration, Ct).Soon();
        Assert.Equal((held.Id, 2), (lease.Job.Id, lease.Attempt));
        Assert.False(await queue.CompleteAsync(dead, Ct));

        // What waits for its turn after a fault goes on waiting.
        var waiting = queue.LeaseAsync("w", Duration, Ct);
        Assert.False(waiting.IsCompleted);
        temporary.Time.Advance(Duration);
        Assert.Equal(returned.Id, (await waiting.Soon()).Job.Id);
    }

    [Fact]
    public async Task A_job_enqueued_by_another_process_is_found_by_looking_again()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        await using var second = await SqliteStore.OpenAsync(temporary.Folder, temporary.Time);
        var waiting = temporary.Parts.Queue.LeaseAsync("w", Duration, Ct);
        var job = new Job(StrongId.New<DeploymentId>(temporary.Time));
        await second.GetRequiredService<IWorkQueue>().EnqueueAsync(job, Ct);
        Assert.False(waiting.IsCompleted);
        temporary.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(job, (await waiting.Soon()).Job);
    }

    [Fact]
    public async Task Lines_appended_by_another_process_are_found_by_looking_again()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        await using var second = await SqliteStore.OpenAsync(temporary.Folder, temporary.Time);
        using var scope = TeamScope.EnterSystem();
        var deployment = await AddDeploymentAsync(temporary);
        var following = temporary.Parts.Log.FollowAsync(deployment.Id, 0, Ct).CollectAsync(1);
        await second.GetRequiredService<IBuildLog>().AppendAsync(deployment.Id, 1, 1, StoreSamples.Lines(temporary.Time, "from afar"), Ct);
        Assert.False(following.IsCompleted);
        temporary.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("from afar", Assert.Single(await following.Soon()).Text);
    }

    [Fact]
    public async Task A_log_of_a_hundred_thousand_lines_stays_small_and_whole()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        using var scope = TeamScope.EnterSystem();
        var deployment = await AddDeploymentAsync(temporary);
        for (var batch = 0; batch < 100; batch++)
        {
            var texts = Enumerable.Range(batch * 1000, 1000).Select(i => $"npm info package-{i * 7919L % 1000} took {i % 97} ms, line {i + 1}");
            await temporary.Parts.Log.AppendAsync(deployment.Id, 1, batch, StoreSamples.Lines(temporary.Time, texts), Ct);
        }

        await temporary.Parts.Log.CompleteAsync(deployment.Id, Ct);
        var lines = await temporary.Parts.Log.FollowAsync(deployment.Id, 0, Ct).CollectAsync();
        Assert.Equal(100_000, lines.Count);
        Assert.All(lines.Index(), line => Assert.Equal(line.Index + 1, line.Item.Sequence));
        Assert.EndsWith("line 100000", Assert.Single(await temporary.Parts.Log.ReadAsync(deployment.Id, 99_999, 10, Ct)).Text, StringComparison.Ordinal);

        await using var db = temporary.Services.GetRequiredService<IDbContextFactory<SlipwayDb>>().CreateDbContext();
        Assert.Equal(100, await db.BuildLogChunks.CountAsync(Ct));
        Assert.InRange(await db.BuildLogChunks.Select(c => c.Payload.Length).SumAsync(Ct), 1, 3 << 20);
    }

    [Fact]
    public async Task Everything_accepted_is_there_after_a_kill()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        using var scope = TeamScope.EnterSystem();
        var store = temporary.Parts;
        var deployment = await AddDeploymentAsync(temporary);
        await store.Deployments.ApplyAsync(deployment.Id, new BuildStarted(1, "w"), Ct);
        await store.Log.AppendAsync(deployment.Id, 1, 1, StoreSamples.Lines(temporary.Time, "a", "b"), Ct);
        await store.Queue.EnqueueAsync(new Job(deployment.Id), Ct);
        await store.Queue.LeaseAsync("w", Duration, Ct);

        var folder = temporary.CopyWhileOpen();
        Assert.True(new FileInfo(SqliteStore.DatabaseIn(folder) + "-wal").Length > 0);
        await using (var reopened = await SqliteStore.OpenAsync(folder, temporary.Time))
        {
            var after = SqliteStore.PartsOf(reopened, () => ValueTask.CompletedTask);
            var found = await after.Deployments.FindAsync(deployment.Id, Ct);
            Assert.Equal((DeploymentState.Building, 1), (found?.State, found?.Attempt));
            Assert.Equal("hello", found?.Environment["GREETING"]);
            Assert.Single(await after.Deployments.EventsAsync(deployment.Id, Ct));
            Assert.Equal(["a", "b"], (await after.Log.ReadAsync(deployment.Id, 0, 10, Ct)).Select(line => line.Text));
            await after.Log.AppendAsync(deployment.Id, 1, 2, StoreSamples.Lines(temporary.Time, "c"), Ct);
            Assert.Equal([1, 2, 3], (await after.Log.ReadAsync(deployment.Id, 0, 10, Ct)).Select(line => line.Sequence));

            temporary.Time.Advance(Duration);
            var lease = await after.Queue.LeaseAsync("w", Duration, Ct).Soon();
            Assert.Equal((new Job(deployment.Id), 2), (lease.Job, lease.Attempt));
        }

        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_write_that_fails_half_way_leaves_nothing_and_frees_the_lock()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        using var scope = TeamScope.EnterSystem();
        var deployment = await AddDeploymentAsync(temporary);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => temporary.Parts.Projects.UpdateAsync(deployment.Project, _ => throw new InvalidTimeZoneException(), Ct));
        Assert.NotNull(await temporary.Parts.Projects.UpdateAsync(deployment.Project, p => p with { RootDirectory = "web" }, Ct).Soon());
    }

    [Fact]
    public async Task A_deployment_without_its_project_is_refused_by_the_file()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        using var scope = TeamScope.EnterSystem();
        await Assert.ThrowsAsync<DbUpdateException>(() => temporary.Parts.Deployments.CreateAsync(StoreSamples.Deployment(temporary.Time, StoreSamples.Project(temporary.Time)), Ct));
    }

    [Fact]
    public async Task Connections_are_durable_and_check_foreign_keys()
    {
        await using var temporary = await TemporaryStore.StartAsync();
        await using var db = temporary.Services.GetRequiredService<IDbContextFactory<SlipwayDb>>().CreateDbContext();
        Assert.Equal("wal", await db.Database.SqlQuery<string>($"SELECT journal_mode AS Value FROM pragma_journal_mode").SingleAsync(Ct));
        Assert.Equal(2, await db.Database.SqlQuery<int>($"SELECT synchronous AS Value FROM pragma_synchronous").SingleAsync(Ct));
        Assert.Equal(1, await db.Database.SqlQuery<int>($"SELECT foreign_keys AS Value FROM pragma_foreign_keys").SingleAsync(Ct));
        Assert.Equal(30000, await db.Database.SqlQuery<int>($"SELECT timeout AS Value FROM pragma_busy_timeout").SingleAsync(Ct));
        foreach (var file in Directory.GetFiles(temporary.Folder, "slipway.db*").Where(f => !f.EndsWith(".migrating", StringComparison.Ordinal)))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private static async Task<Deployment> AddDeploymentAsync(TemporaryStore temporary)
    {
        var project = (await temporary.Parts.Projects.CreateAsync(StoreSamples.Project(temporary.Time), Ct)).Value;
        return (await temporary.Parts.Deployments.CreateAsync(StoreSamples.Deployment(temporary.Time, project), Ct)).Value;
    }
}
