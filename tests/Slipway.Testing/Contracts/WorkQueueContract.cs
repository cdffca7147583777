using Slipway.Core;
using Slipway.Core.Queueing;
using Slipway.Core.Tenancy;

namespace Slipway.Testing.Contracts;

public abstract class WorkQueueContract : StoreContract
{
    /// <summary>A lease's length.</summary>
    protected virtual TimeSpan Duration => TimeSpan.FromSeconds(30);

    /// <summary>How near to a deadline is surely before it.</summary>
    protected virtual TimeSpan Grain => TimeSpan.FromTicks(1);

    protected virtual TimeSpan ReturnDelay => TimeSpan.FromSeconds(5);

    /// <summary>Lets that much time pass: on the fake clock at once, where the queue has a clock of its own by waiting.</summary>
    protected virtual Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        return Task.CompletedTask;
    }

    protected virtual DateTimeOffset Now => Time.GetUtcNow();

    private IWorkQueue Queue => Store.Queue;

    private IDeadLetters Letters => Store.Letters;

    [Fact]
    public async Task A_job_is_delivered_once_and_gone_when_completed()
    {
        var job = NewJob();
        Assert.True(await Queue.EnqueueAsync(job, Ct));
        var lease = await LeaseAsync();
        Assert.Equal((job, 1), (lease.Job, lease.Attempt));
        Assert.InRange(lease.Expires, Now + Duration - Grain, Now + Duration + Grain);
        await NothingToLeaseAsync();
        Assert.True(await Queue.CompleteAsync(lease, Ct));
        await PassAsync(Duration * 2);
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
        await PassAsync(Duration - Grain);
        await StillWaitsAsync(waiting);
        await PassAsync(Grain);
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
            await PassAsync(Duration / 2);
            Assert.True(await Queue.HeartbeatAsync(lease, Duration, Ct));
            await NothingToLeaseAsync();
        }

        Assert.True(await Queue.CompleteAsync(lease, Ct));
    }

    [Fact]
    public async Task A_late_heartbeat_tells_whether_the_job_is_still_held()
    {
        await Queue.EnqueueAsync(NewJob(), Ct);
        var lease = await LeaseAsync();
        await PassAsync(Duration * 2);
        if (await Queue.HeartbeatAsync(lease, Duration, Ct)) await NothingToLeaseAsync();
        else Assert.Equal(2, (await LeaseAsync()).Attempt);
    }

    [Fact]
    public async Task Everything_late_is_refused_once_another_worker_has_it()
    {
        await Queue.EnqueueAsync(NewJob(), Ct);
        var late = await LeaseAsync();
        await PassAsync(Duration);
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
        Assert.True(await Queue.ReturnAsync(await LeaseAsync(), ReturnDelay, Ct));
        var waiting = Queue.LeaseAsync("w", Duration, Ct);
        await StillWaitsAsync(waiting);
        await PassAsync(ReturnDelay - Grain);
        await StillWaitsAsync(waiting);
        await PassAsync(Grain);
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
    public async Task A_buried_job_is_kept_aside_with_its_reason_and_can_come_again()
    {
        using var scope = TeamScope.EnterSystem();
        var job = NewJob();
        await Queue.EnqueueAsync(job, Ct);
        await Queue.ReturnAsync(await LeaseAsync(), TimeSpan.Zero, Ct);
        Assert.True(await Queue.BuryAsync(await LeaseAsync(), "the registry is down", Ct));
        await NothingToLeaseAsync();
        var letter = Assert.Single(await DeadLettersAsync());
        Assert.Equal((job, 2, "the registry is down"), (letter.Job, letter.Attempts, letter.Reason));
        Assert.InRange(letter.At, Now - TimeSpan.FromSeconds(10), Now + TimeSpan.FromSeconds(10));

        Assert.True(await Queue.EnqueueAsync(job, Ct));
        Assert.True(await Letters.RemoveAsync(letter.Sequence, Ct));
        Assert.False(await Letters.RemoveAsync(letter.Sequence, Ct));
        Assert.Empty(await DeadLettersAsync());
        var again = await LeaseAsync();
        Assert.Equal((job, 1), (again.Job, again.Attempt));
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
            await PassAsync(TimeSpan.FromSeconds(1));
            await Queue.EnqueueAsync(job, Ct);
            await Queue.BuryAsync(await LeaseAsync(), "again", Ct);
        }

        var letters = await DeadLettersAsync();
        Assert.Equal([first, second], letters.Select(l => l.Job));
        Assert.True(letters[0].Sequence > letters[1].Sequence);
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
    public async Task Dead_letters_of_another_team_are_not_shown_and_not_removed()
    {
        var theirs = new Job((await AddDeploymentAsync(OtherTeam)).Id);
        await Queue.EnqueueAsync(theirs, Ct);
        await Queue.BuryAsync(await LeaseAsync(), "poison", Ct);
        DeadLetter letter;
        using (TeamScope.Enter(OtherTeam)) letter = Assert.Single(await DeadLettersAsync());

        Assert.Empty(await DeadLettersAsync());
        Assert.False(await Letters.RemoveAsync(letter.Sequence, Ct));
        using (TeamScope.Enter(OurTeam))
        {
            Assert.Empty(await DeadLettersAsync());
            Assert.False(await Letters.RemoveAsync(letter.Sequence, Ct));
        }

        using (TeamScope.Enter(OtherTeam)) Assert.True(await Letters.RemoveAsync(letter.Sequence, Ct));
    }

    [Fact]
    public async Task A_removed_projects_dead_letters_are_shown_no_more()
    {
        var project = await AddProjectAsync();
        await Queue.EnqueueAsync(new Job((await AddDeploymentToAsync(project)).Id), Ct);
        await Queue.BuryAsync(await LeaseAsync(), "poison", Ct);

        using var scope = TeamScope.Enter(OurTeam);
        Assert.Single(await DeadLettersAsync());
        await Store.Projects.RemoveAsync(project.Id, Ct);
        Assert.Empty(await DeadLettersAsync());
    }

    protected Job NewJob() => new(StrongId.New<DeploymentId>(Time));

    protected Task<Lease> LeaseAsync() => Queue.LeaseAsync("w", Duration, Ct).Soon();

    private Task<IReadOnlyList<DeadLetter>> DeadLettersAsync() => Letters.ListAsync(Ct);

    /// <summary>Nothing is due: the call looked, and waits.</summary>
    protected async Task NothingToLeaseAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var waiting = Queue.LeaseAsync("nobody", Duration, stop.Token);
        await StillWaitsAsync(waiting);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
    }

    protected virtual async Task StillWaitsAsync(Task waiting)
    {
        await Time.AsleepAsync(waiting);
        Assert.False(waiting.IsCompleted);
    }
}
