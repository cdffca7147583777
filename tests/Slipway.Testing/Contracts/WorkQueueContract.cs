using Slipway.Core;
using Slipway.Core.Queueing;
using Slipway.Core.Tenancy;

namespace Slipway.Testing.Contracts;

public abstract class WorkQueueContract : StoreContract
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private IWorkQueue Queue => Store.Queue;

    [Fact]
    public async Task A_job_is_delivered_once_and_gone_when_completed()
    {
        var job = NewJob();
        Assert.True(await Queue.EnqueueAsync(job, Ct));
        var lease = await LeaseAsync();
        Assert.Equal((job, 1, Time.GetUtcNow() + Duration), (lease.Job, lease.Attempt, lease.Expires));
        await NothingToLeaseAsync();
        Assert.True(await Queue.CompleteAsync(lease, Ct));
        Time.Advance(Duration * 2);
        await NothingToLeaseAsync();
    }

    [Fact]
    public async Task Enqueue_is_idempotent_while_the_job_is_queued_or_leased()
    {
        var job = NewJob();
        Assert.True(await Queue.EnqueueAsync(job, Ct));
        Assert.False(await Queue.EnqueueAsync(job, Ct));
        var lease = await LeaseAsync();
        Assert.False(await Queue.EnqueueAsync(job, Ct));
        await Queue.CompleteAsync(lease, Ct);
        Assert.True(await Queue.EnqueueAsync(job, Ct));
        Assert.Equal(1, (await LeaseAsync()).Attempt);
    }

    [Fact]
    public async Task Jobs_come_in_the_order_they_were_enqueued()
    {
        var jobs = Enumerable.Range(0, 5).Select(_ => NewJob()).ToList();
        foreach (var job in jobs) await Queue.EnqueueAsync(job, Ct);
        foreach (var job in jobs) Assert.Equal(job, (await LeaseAsync()).Job);
    }

    [Fact]
    public async Task A_waiting_worker_is_woken_by_enqueue()
    {
        var waiting = Queue.LeaseAsync("w", Duration, Ct);
        await StillWaitsAsync(waiting);
        var job = NewJob();
        await Queue.EnqueueAsync(job, Ct);
        Assert.Equal(job, (await waiting.Soon()).Job);
    }

    [Fact]
    public async Task Waiting_ends_with_the_token()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var waiting = Queue.LeaseAsync("w", Duration, stop.Token);
        await StillWaitsAsync(waiting);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Queue.LeaseAsync("w", Duration, stop.Token).Soon());
    }

    [Fact]
    public async Task Expired_lease_is_redelivered_with_a_higher_attempt()
    {
        await Queue.EnqueueAsync(NewJob(), Ct);
        var lost = await LeaseAsync();
        var waiting = Queue.LeaseAsync("other", Duration, Ct);
        await StillWaitsAsync(waiting);
        Time.Advance(Duration - TimeSpan.FromTicks(1));
        await StillWaitsAsync(waiting);
        Time.Advance(TimeSpan.FromTicks(1));
        var second = await waiting.Soon();
        Assert.Equal((lost.Job, 2), (second.Job, second.Attempt));
        Assert.NotEqual(lost.Token, second.Token);
    }

    [Fact]
    public async Task A_heartbeated_lease_is_not_redelivered_past_its_first_duration()
    {
        await Queue.EnqueueAsync(NewJob(), Ct);
        var lease = await LeaseAsync();
        for (var i = 0; i < 10; i++)
        {
            Time.Advance(Duration / 2);
            Assert.True(await Queue.HeartbeatAsync(lease, Duration, Ct));
            await NothingToLeaseAsync();
        }

        Assert.True(await Queue.CompleteAsync(lease, Ct));
    }

    [Fact]
    public async Task A_late_heartbeat_still_holds_what_nobody_took()
    {
        await Queue.EnqueueAsync(NewJob(), Ct);
        var lease = await LeaseAsync();
        Time.Advance(Duration * 3);
        Assert.True(await Queue.HeartbeatAsync(lease, Duration, Ct));
        await NothingToLeaseAsync();
    }

    [Fact]
    public async Task Everything_late_is_refused_once_another_worker_has_it()
    {
        await Queue.EnqueueAsync(NewJob(), Ct);
        var late = await LeaseAsync();
        Time.Advance(Duration);
        var current = await LeaseAsync();
        Assert.False(await Queue.HeartbeatAsync(late, Duration, Ct));
        Assert.False(await Queue.CompleteAsync(late, Ct));
        Assert.False(await Queue.ReturnAsync(late, TimeSpan.Zero, Ct));
        Assert.False(await Queue.BuryAsync(late, "late", Ct));
        Assert.Empty(await DeadLettersAsync());
        Assert.True(await Queue.CompleteAsync(current, Ct));
        Assert.False(await Queue.CompleteAsync(current, Ct));
        Assert.False(await Queue.HeartbeatAsync(current, Duration, Ct));
    }

    [Fact]
    public async Task A_returned_job_comes_again_after_its_delay_with_a_higher_attempt()
    {
        await Queue.EnqueueAsync(NewJob(), Ct);
        Assert.True(await Queue.ReturnAsync(await LeaseAsync(), TimeSpan.FromSeconds(5), Ct));
        var waiting = Queue.LeaseAsync("w", Duration, Ct);
        await StillWaitsAsync(waiting);
        Time.Advance(TimeSpan.FromSeconds(4));
        await StillWaitsAsync(waiting);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await waiting.Soon()).Attempt);
    }

    [Fact]
    public async Task A_job_returned_without_delay_wakes_a_waiting_worker()
    {
        await Queue.EnqueueAsync(NewJob(), Ct);
        var lease = await LeaseAsync();
        var waiting = Queue.LeaseAsync("w", Duration, Ct);
        await StillWaitsAsync(waiting);
        await Queue.ReturnAsync(lease, TimeSpan.Zero, Ct);
        Assert.Equal(2, (await waiting.Soon()).Attempt);
        Assert.False(await Queue.CompleteAsync(lease, Ct));
    }

    [Fact]
    public async Task A_buried_job_is_kept_aside_with_its_reason_and_can_be_replayed()
    {
        using var scope = TeamScope.EnterSystem();
        var job = NewJob();
        await Queue.EnqueueAsync(job, Ct);
        await Queue.ReturnAsync(await LeaseAsync(), TimeSpan.Zero, Ct);
        Assert.True(await Queue.BuryAsync(await LeaseAsync(), "the registry is down", Ct));
        await NothingToLeaseAsync();
        Assert.Equal([new DeadLetter(job, 2, "the registry is down", Time.GetUtcNow())], await DeadLettersAsync());

        Assert.Empty(await Queue.DeadLettersAsync(job, Ct));
        var again = await LeaseAsync();
        Assert.Equal((job, 1), (again.Job, again.Attempt));
        Assert.Empty(await Queue.DeadLettersAsync(job, Ct));
    }

    [Fact]
    public async Task A_reason_with_a_character_that_no_text_column_takes_is_kept_without_it()
    {
        using var scope = TeamScope.EnterSystem();
        await Queue.EnqueueAsync(NewJob(), Ct);
        Assert.True(await Queue.BuryAsync(await LeaseAsync(), "it said \0 \ud800 and died", Ct));
        var reason = Assert.Single(await DeadLettersAsync()).Reason;
        Assert.Equal("it said \ufffd \ufffd and died", reason);
    }

    [Fact]
    public async Task Dead_letters_are_newest_first_and_one_per_job()
    {
        using var scope = TeamScope.EnterSystem();
        var (first, second) = (NewJob(), NewJob());
        foreach (var job in new[] { first, second, first })
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Queue.EnqueueAsync(job, Ct);
            await Queue.BuryAsync(await LeaseAsync(), "again", Ct);
        }

        Assert.Equal([first, second], (await DeadLettersAsync()).Select(l => l.Job));
    }

    [Fact]
    public async Task Many_workers_share_many_jobs_without_taking_one_twice()
    {
        var jobs = Enumerable.Range(0, 60).Select(_ => NewJob()).ToList();
        var taken = new System.Collections.Concurrent.ConcurrentBag<Job>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var workers = Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
        {
            while (true)
            {
                var lease = await Queue.LeaseAsync($"w{i}", Duration, stop.Token);
                Assert.True(await Queue.CompleteAsync(lease, Ct));
                taken.Add(lease.Job);
                if (taken.Count == jobs.Count) await stop.CancelAsync();
            }
        })).ToList();
        foreach (var job in jobs) await Queue.EnqueueAsync(job, Ct);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(workers).Soon());
        Assert.Equal(jobs.Select(j => j.Id).Order(), taken.Select(j => j.Id).Order());
    }

    [Fact]
    public async Task Dead_letters_of_another_team_are_not_shown_and_not_replayed()
    {
        var theirs = new Job((await AddDeploymentAsync(OtherTeam)).Id);
        await Queue.EnqueueAsync(theirs, Ct);
        await Queue.BuryAsync(await LeaseAsync(), "poison", Ct);

        Assert.Empty(await Queue.DeadLettersAsync(theirs, Ct));
        using (TeamScope.Enter(OurTeam)) Assert.Empty(await Queue.DeadLettersAsync(theirs, Ct));
        await NothingToLeaseAsync();
        using (TeamScope.Enter(OtherTeam)) Assert.Single(await Queue.DeadLettersAsync(null, Ct));
    }

    [Fact]
    public async Task A_removed_projects_jobs_and_dead_letters_go_with_it()
    {
        var project = await AddProjectAsync();
        var (queued, buried) = (await AddDeploymentToAsync(project), await AddDeploymentToAsync(project));
        await Queue.EnqueueAsync(new Job(buried.Id), Ct);
        await Queue.BuryAsync(await LeaseAsync(), "poison", Ct);
        await Queue.EnqueueAsync(new Job(queued.Id), Ct);

        using var scope = TeamScope.Enter(OurTeam);
        await Store.Projects.RemoveAsync(project.Id, Ct);
        Assert.Empty(await DeadLettersAsync());
        await NothingToLeaseAsync();
    }

    private Job NewJob() => new(StrongId.New<DeploymentId>(Time));

    private Task<Lease> LeaseAsync() => Queue.LeaseAsync("w", Duration, Ct).Soon();

    private Task<IReadOnlyList<DeadLetter>> DeadLettersAsync() => Queue.DeadLettersAsync(null, Ct);

    /// <summary>Nothing is due: the call looked, and waits.</summary>
    private async Task NothingToLeaseAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var waiting = Queue.LeaseAsync("nobody", Duration, stop.Token);
        await StillWaitsAsync(waiting);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
    }

    private async Task StillWaitsAsync(Task waiting)
    {
        await Time.AsleepAsync(waiting);
        Assert.False(waiting.IsCompleted);
    }
}
