using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Tenancy;

namespace Slipway.Testing.Contracts;

public abstract class DeploymentStoreContract : StoreContract
{
    public static TheoryData<DeploymentState> States => [.. Enum.GetValues<DeploymentState>()];

    [Fact]
    public async Task What_was_created_is_found_whole()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var created = await AddDeploymentAsync(with: d => d with { IsProduction = true, RootDirectory = "web", RetryOf = d.Id });
        var found = await Store.Deployments.FindAsync(created.Id, Ct);
        Assert.Equal(StoreSamples.Json(created), StoreSamples.Json(found));
        Assert.Empty(await Store.Deployments.EventsAsync(created.Id, Ct));
    }

    [Fact]
    public async Task A_hash_in_use_is_refused_whichever_team_has_it()
    {
        var theirs = await AddDeploymentAsync(OtherTeam);
        var project = await AddProjectAsync();
        using var scope = TeamScope.Enter(OurTeam);
        var refused = await Store.Deployments.CreateAsync(StoreSamples.Deployment(Time, project) with { Hash = theirs.Hash }, Ct);
        Assert.Equal("deployment.hash_taken", refused.Failure?.Code);
        Assert.Empty(await Store.Deployments.ListAsync(new DeploymentQuery(), Ct));
    }

    [Fact]
    public async Task Creating_another_teams_row_is_our_bug_and_throws()
    {
        var project = await AddProjectAsync(OtherTeam);
        using (TeamScope.Enter(OurTeam))
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => Store.Deployments.CreateAsync(StoreSamples.Deployment(Time, project), Ct));
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.Deployments.CreateAsync(StoreSamples.Deployment(Time, project), Ct));
    }

    [Theory, MemberData(nameof(States))]
    public async Task Every_event_does_what_the_table_says(DeploymentState state)
    {
        using var scope = TeamScope.Enter(OurTeam);
        foreach (var happened in new[] { 0, 1, 2 }.SelectMany(StoreSamples.Events))
        {
            var before = await BringToAsync(state);
            var history = (await Store.Deployments.EventsAsync(before.Id, Ct)).Count;
            Time.Advance(TimeSpan.FromSeconds(1));

            var expected = DeploymentTransitions.Apply(before, happened, Time.GetUtcNow());
            var applied = await Store.Deployments.ApplyAsync(before.Id, happened, Ct);
            var stored = await Store.Deployments.FindAsync(before.Id, Ct);
            var events = await Store.Deployments.EventsAsync(before.Id, Ct);

            Assert.Equal(StoreSamples.Json(expected), StoreSamples.Json(applied));
            Assert.Equal(StoreSamples.Json(expected ?? before), StoreSamples.Json(stored));
            Assert.Equal(expected is null ? history : history + 1, events.Count);
            if (expected is null) continue;
            Assert.Equal((history + 1, Time.GetUtcNow(), expected.State), (events[^1].Sequence, events[^1].At, events[^1].StateAfter));
            Assert.Equal(StoreSamples.Json(happened), StoreSamples.Json(events[^1].Event));
        }
    }

    [Fact]
    public async Task Of_two_racing_claims_one_wins()
    {
        using var scope = TeamScope.Enter(OurTeam);
        for (var round = 0; round < 20; round++)
        {
            var deployment = await AddDeploymentAsync();
            var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(i =>
                Task.Run(() => Store.Deployments.ApplyAsync(deployment.Id, new BuildStarted(1, $"worker-{i}"), Ct)))).Soon();
            Assert.Single(claims, claim => claim is not null);
            Assert.Single(await Store.Deployments.EventsAsync(deployment.Id, Ct));
        }
    }

    [Fact]
    public async Task A_stale_attempt_is_refused()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var deployment = await BringToAsync(DeploymentState.Building);
        await Store.Deployments.ApplyAsync(deployment.Id, new BuildStarted(2, "worker-2"), Ct);
        Assert.Null(await Store.Deployments.ApplyAsync(deployment.Id, new ImageShipped(1, StoreSamples.Revision, StoreSamples.Plan, new()), Ct));
        Assert.Null(await Store.Deployments.ApplyAsync(deployment.Id, new DeploymentFailed(1, new Failure("x", "y"), new()), Ct));
        Assert.Equal(2, (await Store.Deployments.FindAsync(deployment.Id, Ct))?.Attempt);
    }

    [Fact]
    public async Task The_list_is_newest_first_and_narrows_by_project_state_and_limit()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var project = await AddProjectAsync();
        var deployments = new List<Deployment>();
        for (var i = 0; i < 4; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            deployments.Insert(0, await AddDeploymentToAsync(project));
        }

        await AddDeploymentAsync();
        await Store.Deployments.ApplyAsync(deployments[1].Id, new BuildStarted(1, "w"), Ct);
        await Store.Deployments.ApplyAsync(deployments[2].Id, new CancelRequested("ada"), Ct);

        Assert.Equal(5, (await ListAsync(new())).Count);
        Assert.Equal(deployments.Select(d => d.Id), await ListAsync(new() { Project = project.Id }));
        Assert.Equal([deployments[0].Id, deployments[1].Id], await ListAsync(new() { Project = project.Id, Limit = 2 }));
        Assert.Equal([deployments[1].Id, deployments[2].Id],
            await ListAsync(new() { Project = project.Id, States = [DeploymentState.Building, DeploymentState.Canceled] }));
        Assert.Empty(await ListAsync(new() { States = [] }));
    }

    [Fact]
    public async Task Use_is_noted_forward_only_and_is_no_event()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var (ours, theirs) = (await BringToAsync(DeploymentState.Ready), await AddDeploymentAsync(OtherTeam));
        var (early, late) = (Time.GetUtcNow().AddHours(1), Time.GetUtcNow().AddHours(2));
        await Store.Deployments.NoteUseAsync(new Dictionary<DeploymentId, DateTimeOffset> { [ours.Id] = late, [theirs.Id] = late, [new DeploymentId(Guid.NewGuid())] = late }, Ct);
        await Store.Deployments.NoteUseAsync(new Dictionary<DeploymentId, DateTimeOffset> { [ours.Id] = early }, Ct);
        Assert.Equal(StoreSamples.Json(ours with { LastUsedAt = late }), StoreSamples.Json(await Store.Deployments.FindAsync(ours.Id, Ct)));
        var events = await Store.Deployments.EventsAsync(ours.Id, Ct);

        // What happens after it leaves it as it is.
        var ended = await Store.Deployments.ApplyAsync(ours.Id, new Retired(EndReason.Idle, "nobody used it for 14 days"), Ct);
        Assert.Equal((late, new Ending(Time.GetUtcNow(), EndReason.Idle, "nobody used it for 14 days")), (ended?.LastUsedAt, ended?.Ended));
        Assert.Equal(StoreSamples.Json(ended), StoreSamples.Json(await Store.Deployments.FindAsync(ours.Id, Ct)));
        Assert.Equal(events.Count + 1, (await Store.Deployments.EventsAsync(ours.Id, Ct)).Count);
        using var other = TeamScope.Enter(OtherTeam);
        Assert.Null((await Store.Deployments.FindAsync(theirs.Id, Ct))?.LastUsedAt);
    }

    [Fact]
    public async Task A_watcher_hears_creation_and_every_accepted_change_in_order()
    {
        using var scope = TeamScope.Enter(OurTeam);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var watched = Store.Deployments.WatchAsync(stop.Token);

        var deployment = await BringToAsync(DeploymentState.Ready);
        await Store.Deployments.ApplyAsync(deployment.Id, new BuildStarted(1, "late"), Ct);
        await AddDeploymentAsync(OtherTeam);
        await Store.Deployments.ApplyAsync(deployment.Id, new Retired("test"), Ct);
        await stop.CancelAsync();

        Assert.Equal(
            [DeploymentState.Queued, DeploymentState.Building, DeploymentState.Deploying, DeploymentState.Ready, DeploymentState.Ended],
            (await watched.CollectAsync().Soon()).Select(d => d.State));
    }

    [Fact]
    public async Task A_watcher_that_never_reads_holds_nobody_up()
    {
        using var scope = TeamScope.Enter(OurTeam);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var idle = Store.Deployments.WatchAsync(stop.Token);
        for (var i = 0; i < 50; i++) await BringToAsync(DeploymentState.Building).Soon();
        Assert.Equal(100, (await idle.CollectAsync(100).Soon()).Count);
        await stop.CancelAsync();
    }

    [Fact]
    public async Task Another_teams_rows_are_invisible_through_every_method()
    {
        var theirs = await AddDeploymentAsync(OtherTeam);
        using (TeamScope.EnterSystem()) await Store.Deployments.ApplyAsync(theirs.Id, new BuildStarted(1, "w"), Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        async Task NothingAsync(IAsyncEnumerable<Deployment> watched)
        {
            Assert.Null(await Store.Deployments.FindAsync(theirs.Id, Ct));
            Assert.Empty(await Store.Deployments.ListAsync(new(), Ct));
            Assert.Empty(await Store.Deployments.EventsAsync(theirs.Id, Ct));
            Assert.Null(await Store.Deployments.ApplyAsync(theirs.Id, new CancelRequested("mallory"), Ct));
            using (TeamScope.EnterSystem()) Assert.NotNull(await Store.Deployments.ApplyAsync(theirs.Id, new SourceFetched(1, "c", null, null, null), Ct));
            await stop.CancelAsync();
            Assert.Empty(await watched.CollectAsync().Soon());
        }

        await NothingAsync(Store.Deployments.WatchAsync(stop.Token));
        using var scope = TeamScope.Enter(OurTeam);
        await NothingAsync(Store.Deployments.WatchAsync(stop.Token));

        using var system = TeamScope.EnterSystem();
        Assert.Equal(DeploymentState.Building, (await Store.Deployments.FindAsync(theirs.Id, Ct))?.State);
    }

    [Fact]
    public async Task A_token_already_cancelled_ends_the_watch_at_once()
    {
        using var scope = TeamScope.EnterSystem();
        Assert.Empty(await Store.Deployments.WatchAsync(new CancellationToken(canceled: true)).CollectAsync().Soon());
    }

    private async Task<Deployment> BringToAsync(DeploymentState state)
    {
        var deployment = await AddDeploymentAsync(with: d => state == DeploymentState.Waiting ? d with { State = state } : d);
        foreach (var step in StoreSamples.PathTo(state))
        {
            deployment = await Store.Deployments.ApplyAsync(deployment.Id, step, Ct) ?? throw new InvalidOperationException($"{step} was refused");
        }

        Assert.Equal(state, deployment.State);
        return deployment;
    }

    private async Task<List<DeploymentId>> ListAsync(DeploymentQuery query) => [.. (await Store.Deployments.ListAsync(query, Ct)).Select(d => d.Id)];
}
