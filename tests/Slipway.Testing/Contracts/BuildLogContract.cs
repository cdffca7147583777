using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Tenancy;

namespace Slipway.Testing.Contracts;

public abstract class BuildLogContract : StoreContract
{
    private IBuildLog Log => Store.Log;

    [Fact]
    public async Task Order_is_kept_across_batches_and_sequences_have_no_gaps()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var id = (await AddDeploymentAsync()).Id;
        await AppendAsync(id, 1, "a", "b");
        await Log.AppendAsync(id, 1, 2, [], Ct);
        await AppendAsync(id, 3, "c");
        await Log.AppendAsync(id, 2, 1, StoreSamples.Lines(Time, "d", "e"), Ct);
        var lines = await ReadAsync(id);
        Assert.Equal(["a", "b", "c", "d", "e"], lines.Select(l => l.Text));
        Assert.Equal([1, 2, 3, 4, 5], lines.Select(l => l.Sequence));
    }

    [Fact]
    public async Task A_line_comes_back_as_it_was()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var id = (await AddDeploymentAsync()).Id;
        var line = new BuildLogLine(0, Time.GetUtcNow(), BuildLogStream.Err, null, "\u001b[31mroter Fehler: ü 🚀 \"quoted\" \\ \t\u001b[0m");
        await Log.AppendAsync(id, 1, 1, [line, line with { Text = "", Step = "npm ci", Stream = BuildLogStream.System }], Ct);
        Assert.Equal([line with { Sequence = 1 }, line with { Sequence = 2, Text = "", Step = "npm ci", Stream = BuildLogStream.System }], await ReadAsync(id));
    }

    [Fact]
    public async Task A_steps_change_comes_back_with_its_line_and_alone()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var id = (await AddDeploymentAsync()).Id;
        var began = new BuildLogLine(0, Time.GetUtcNow(), BuildLogStream.System, "build 2/2", "▶ [build 2/2] RUN make")
        {
            Change = new StepChange { Name = "[build 2/2] RUN make", State = StepState.Running, Why = "it builds on build 1/2, which ran", Attempt = 1 },
        };
        var ended = began with { Text = "✓ build 2/2", Change = new StepChange { Name = "[build 2/2] RUN make", State = StepState.Done, Duration = TimeSpan.FromMilliseconds(1234.5), Attempt = 2 } };
        await Log.AppendAsync(id, 1, 1, [.. StoreSamples.Lines(Time, "before"), began, .. StoreSamples.Lines(Time, "after")], Ct);
        await AppendAsync(id, 2, "no change at all");
        await Log.AppendAsync(id, 2, 1, [ended], Ct);
        Assert.Equal([began with { Sequence = 2 }, ended with { Sequence = 5 }], await Log.ReadChangesAsync(id, Ct));
        Assert.Equal([null, began.Change, null, null, ended.Change], (await ReadAsync(id)).Select(l => l.Change));
        using (TeamScope.Enter(OtherTeam)) Assert.Empty(await Log.ReadChangesAsync(id, Ct));
    }

    [Fact]
    public async Task Several_batches_at_once_are_as_each_by_itself()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var id = (await AddDeploymentAsync()).Id;
        await AppendAsync(id, 1, "a");
        LogBatch Batch(int attempt, long number, params string[] texts) => new(attempt, number, StoreSamples.Lines(Time, texts));
        await Log.AppendAsync(id, [Batch(1, 1, "a"), Batch(1, 2, "b", "c"), Batch(1, 3), Batch(1, 2, "b", "c"), Batch(2, 1, "d")], Ct);
        await Log.AppendAsync(id, [Batch(1, 2, "b", "c"), Batch(2, 1, "d")], Ct);
        await Log.AppendAsync(id, [], Ct);
        var lines = await ReadAsync(id);
        Assert.Equal(["a", "b", "c", "d"], lines.Select(l => l.Text));
        Assert.Equal([1, 2, 3, 4], lines.Select(l => l.Sequence));
        await Log.CompleteAsync(id, Ct);
        await Log.AppendAsync(id, [Batch(2, 2, "late")], Ct);
        Assert.Equal(4, (await ReadAsync(id)).Count);
    }

    [Fact]
    public async Task A_redelivered_batch_is_stored_once()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var id = (await AddDeploymentAsync()).Id;
        await AppendAsync(id, 1, "a");
        await AppendAsync(id, 1, "a");
        await AppendAsync(id, 2, "b");
        await AppendAsync(id, 1, "a");
        Assert.Equal(["a", "b"], (await ReadAsync(id)).Select(l => l.Text));
    }

    [Fact]
    public async Task A_huge_line_is_cut_and_says_so()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var id = (await AddDeploymentAsync()).Id;
        await AppendAsync(id, 1, new string('x', 3 * BuildLogLine.MaxLength), new string('y', BuildLogLine.MaxLength), "after");
        var lines = await ReadAsync(id);
        Assert.InRange(lines[0].Text.Length, BuildLogLine.MaxLength - 100, BuildLogLine.MaxLength);
        Assert.EndsWith($"[cut: the line had {3 * BuildLogLine.MaxLength} characters]", lines[0].Text, StringComparison.Ordinal);
        Assert.Equal(new string('y', BuildLogLine.MaxLength), lines[1].Text);
        Assert.Equal("after", lines[2].Text);
    }

    [Fact]
    public async Task Reading_starts_after_a_line_and_stops_at_the_limit()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var id = (await AddDeploymentAsync()).Id;
        for (var batch = 0; batch < 10; batch++) await AppendAsync(id, batch, Enumerable.Range(batch * 7, 7).Select(i => $"line {i + 1}").ToArray());
        Assert.Equal(Enumerable.Range(18, 12).Select(i => (long)i), (await Log.ReadAsync(id, 17, 12, Ct)).Select(l => l.Sequence));
        Assert.Equal([70], (await Log.ReadAsync(id, 69, 100, Ct)).Select(l => l.Sequence));
        Assert.Empty(await Log.ReadAsync(id, 70, 100, Ct));
        Assert.Empty(await Log.ReadAsync(id, 0, 0, Ct));
    }

    [Fact]
    public async Task Follow_after_the_end_gives_everything_and_completes()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var id = (await AddDeploymentAsync()).Id;
        await AppendAsync(id, 1, "a", "b", "c");
        await Log.CompleteAsync(id, Ct);
        await Log.CompleteAsync(id, Ct);
        Assert.Equal(["b", "c"], (await Log.FollowAsync(id, 1, Ct).CollectAsync().Soon()).Select(l => l.Text));
        Assert.Empty(await Log.FollowAsync(id, 3, Ct).CollectAsync().Soon());
    }

    [Fact]
    public async Task A_log_completed_without_a_line_ends_its_followers()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var id = (await AddDeploymentAsync()).Id;
        var following = Log.FollowAsync(id, 0, Ct).CollectAsync();
        Assert.False(following.IsCompleted);
        await Log.CompleteAsync(id, Ct);
        Assert.Empty(await following.Soon());
    }

    [Fact]
    public async Task After_completion_nothing_is_added()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var id = (await AddDeploymentAsync()).Id;
        await AppendAsync(id, 1, "a");
        await Log.CompleteAsync(id, Ct);
        await AppendAsync(id, 2, "late");
        Assert.Equal(["a"], (await ReadAsync(id)).Select(l => l.Text));
    }

    [Fact]
    public async Task Following_while_appending_sees_each_line_once_and_in_order()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var id = (await AddDeploymentAsync()).Id;
        const int batches = 60, each = 25;
        await AppendAsync(id, 0, Texts(0, each));
        var followers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Log.FollowAsync(id, 0, Ct).CollectAsync())).ToList();
        for (var batch = 1; batch < batches; batch++) await AppendAsync(id, batch, Texts(batch, each));
        await Log.CompleteAsync(id, Ct);
        foreach (var lines in await Task.WhenAll(followers).Soon())
        {
            Assert.Equal(Enumerable.Range(1, batches * each).Select(i => (long)i), lines.Select(l => l.Sequence));
            Assert.Equal(Enumerable.Range(0, batches).SelectMany(b => Texts(b, each)), lines.Select(l => l.Text));
        }
    }

    [Fact]
    public async Task A_follower_hears_a_line_while_it_waits()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var id = (await AddDeploymentAsync()).Id;
        await using var lines = Log.FollowAsync(id, 0, Ct).GetAsyncEnumerator(Ct);
        var next = lines.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        await AppendAsync(id, 1, "now");
        Assert.True(await next.Soon());
        Assert.Equal("now", lines.Current.Text);
    }

    [Fact]
    public async Task A_stream_read_after_the_scope_was_left_still_belongs_to_it()
    {
        var id = (await AddDeploymentAsync()).Id;
        await AppendAsync(id, 1, "ours");
        await Log.CompleteAsync(id, Ct);
        IAsyncEnumerable<BuildLogLine> lines;
        using (TeamScope.Enter(OurTeam)) lines = Log.FollowAsync(id, 0, Ct);
        Assert.Equal(["ours"], (await lines.CollectAsync().Soon()).Select(l => l.Text));
    }

    [Fact]
    public async Task Following_ends_with_the_token()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var id = (await AddDeploymentAsync()).Id;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var following = Log.FollowAsync(id, 0, stop.Token).CollectAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following.Soon());
    }

    [Fact]
    public async Task Another_teams_log_is_invisible()
    {
        var id = (await AddDeploymentAsync(OtherTeam)).Id;
        await AppendAsync(id, 1, "theirs");
        Assert.Empty(await ReadAsync(id));
        Assert.Empty(await Log.FollowAsync(id, 0, Ct).CollectAsync().Soon());
        using (TeamScope.Enter(OurTeam))
        {
            Assert.Empty(await ReadAsync(id));
            Assert.Empty(await Log.FollowAsync(id, 0, Ct).CollectAsync().Soon());
        }

        using (TeamScope.Enter(OtherTeam)) Assert.Single(await ReadAsync(id));
    }

    [Fact]
    public async Task A_removed_projects_logs_go_with_it_and_their_followers_end()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var deployment = await AddDeploymentAsync();
        await AppendAsync(deployment.Id, 1, "a");
        await Store.Projects.RemoveAsync(deployment.Project, Ct);
        Assert.Empty(await ReadAsync(deployment.Id));
        Assert.Empty(await Log.FollowAsync(deployment.Id, 0, Ct).CollectAsync().Soon());
        await AppendAsync(deployment.Id, 2, "late");
        await Log.CompleteAsync(deployment.Id, Ct);
        Assert.Empty(await ReadAsync(deployment.Id));
    }

    private static string[] Texts(int batch, int count) => [.. Enumerable.Range(0, count).Select(i => $"batch {batch}, line {i}")];

    private Task AppendAsync(DeploymentId id, long batch, params string[] texts) => Log.AppendAsync(id, 1, batch, StoreSamples.Lines(Time, texts), Ct);

    private Task<IReadOnlyList<BuildLogLine>> ReadAsync(DeploymentId id) => Log.ReadAsync(id, 0, int.MaxValue, Ct);
}
