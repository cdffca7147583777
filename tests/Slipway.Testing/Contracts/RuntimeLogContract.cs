using Slipway.Core;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.RuntimeLogs;

namespace Slipway.Testing.Contracts;

/// <summary>What every log of what apps print must do.</summary>
public abstract class RuntimeLogContract
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract IRuntimeLog Log { get; }

    protected ProjectId Project { get; } = StrongId.New<ProjectId>(TimeProvider.System);

    protected DeploymentId First { get; } = StrongId.New<DeploymentId>(TimeProvider.System);

    protected DeploymentId Second { get; } = StrongId.New<DeploymentId>(TimeProvider.System);

    [Fact]
    public async Task Lines_come_back_as_they_were()
    {
        Assert.Null(Log.Open(Project, First).After);
        Log.Open(Project, First).Append([Line(1, "\u001b[31mroter Fehler: ü 🚀\tx\r"), Line(2, "", isError: true), Line(3, new string('y', 200_000))]);

        var lines = await Log.ReadAsync(new(Project), Ct);

        Assert.Equal([("\u001b[31mroter Fehler: ü 🚀\tx\r", RuntimeStream.Out, At(1)), ("", RuntimeStream.Err, At(2)), (new string('y', 200_000), RuntimeStream.Out, At(3))], lines.Select(l => (l.Text, l.Stream, l.At)));
        Assert.All(lines, line => Assert.Equal(First, line.Deployment));
    }

    [Fact]
    public async Task A_projects_lines_are_in_the_order_of_their_time_and_no_others_are_among_them()
    {
        Log.Open(Project, First).Append([Line(1, "a"), Line(4, "d")]);
        Log.Open(Project, Second).Append([Line(2, "b"), Line(3, "c"), Line(5, "e")]);
        Log.Open(StrongId.New<ProjectId>(TimeProvider.System), StrongId.New<DeploymentId>(TimeProvider.System)).Append([Line(2, "another's")]);

        Assert.Equal("abcde", await TextAsync(new(Project)));
        Assert.Equal("ad", await TextAsync(new(Project, First)));
        Assert.Equal("de", await TextAsync(new(Project) { Tail = 2 }));
        Assert.Equal("cde", await TextAsync(new(Project) { Since = At(3) }));
        Assert.Equal("", await TextAsync(new(StrongId.New<ProjectId>(TimeProvider.System), First)));
    }

    [Fact]
    public async Task What_comes_a_second_time_is_stored_once_also_where_moments_are_the_same()
    {
        OutputLine[] all = [Line(1, "a"), Line(2, "b"), Line(2, "c"), Line(2, "d", isError: true), Line(2, "e")];
        for (var stored = 1; stored <= all.Length; stored++)
        {
            var (id, text) = (StrongId.New<DeploymentId>(TimeProvider.System), "");
            Log.Open(Project, id).Append(all[..stored]);
            var again = Log.Open(Project, id);
            again.Append([.. all.Where(line => line.At > again.After)]);
            foreach (var line in await Log.ReadAsync(new(Project, id), Ct)) text += line.Text;
            Assert.Equal("abcde", text);
        }
    }

    [Fact]
    public async Task A_line_of_the_other_pipe_that_comes_a_little_late_is_not_lost()
    {
        var late = Line(2, "late", isError: true) with { At = At(2).AddMilliseconds(-3) };
        Log.Open(Project, First).Append([Line(1, "a "), Line(2, "b ")]);
        var again = Log.Open(Project, First);
        again.Append([.. new[] { Line(1, "a "), Line(2, "b "), late }.Where(line => line.At > again.After)]);
        Assert.Equal("a late" + "b ", await TextAsync(new(Project)));
    }

    [Fact]
    public async Task A_follower_gets_what_is_stored_then_what_comes_of_all_deployments_and_goes_on_where_it_was()
    {
        Log.Open(Project, First).Append([Line(1, "a"), Line(2, "b"), Line(3, "c")]);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        await using var lines = Log.FollowAsync(new(Project) { Tail = 2 }, end.Token).GetAsyncEnumerator(Ct);
        Assert.Equal("b", await NextAsync(lines));
        Assert.Equal("c", await NextAsync(lines));
        var cursor = lines.Current.Number;

        Log.Open(Project, Second).Append([Line(4, "d")]);
        Assert.Equal("d", await NextAsync(lines));
        Log.Open(Project, First).Append([Line(5, "e"), Line(6, "f")]);
        Assert.Equal("e", await NextAsync(lines));

        await using var later = Log.FollowAsync(new(Project) { Tail = 1, After = cursor }, end.Token).GetAsyncEnumerator(Ct);
        foreach (var text in new[] { "d", "e", "f" }) Assert.Equal(text, await NextAsync(later));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => NextAsync(later));
    }

    [Fact]
    public async Task What_is_removed_is_gone_and_does_not_come_back_by_who_still_writes()
    {
        var writer = Log.Open(Project, First);
        writer.Append([Line(1, "a")]);
        Assert.Equal([First], Log.List());
        Log.Remove(First);
        Log.Remove(Second);
        writer.Append([Line(2, "b")]);
        Assert.Empty(Log.List());
        Assert.Equal("", await TextAsync(new(Project)));
    }

    protected static DateTimeOffset At(int second) => Noon.AddSeconds(second);

    protected static OutputLine Line(int second, string text, bool isError = false) => new(At(second), isError, text);

    protected async Task<string> TextAsync(RuntimeLogQuery query) => string.Concat((await Log.ReadAsync(query, Ct)).Select(line => line.Text));

    private static async Task<string> NextAsync(IAsyncEnumerator<RuntimeLine> lines) => await lines.MoveNextAsync().AsTask().Soon() ? lines.Current.Text : throw new InvalidOperationException("it ended");
}
