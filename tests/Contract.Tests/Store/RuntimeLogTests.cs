using Slipway.Core.RuntimeLogs;
using Slipway.Store.RuntimeLogs;
using Slipway.Testing.Contracts;
using Slipway.Testing.InMemory;

namespace Contract.Tests.Store;

public sealed class MemoryRuntimeLogTests : RuntimeLogContract
{
    protected override IRuntimeLog Log { get; } = new InMemoryRuntimeLog();
}

public sealed class RuntimeLogFilesTests : RuntimeLogContract, IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("slipway-output-").FullName;
    private readonly RuntimeLogFiles _log;

    public RuntimeLogFilesTests() => _log = Begin();

    protected override IRuntimeLog Log => _log;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_oldest_lines_are_dropped_within_the_budget_and_a_note_says_how_many()
    {
        var log = Begin(deployment: 8_000);
        var writer = log.Open(Project, First);
        for (var i = 1; i <= 1_000; i++) writer.Append([Line(i, $"line {i} {new string('x', 40)}")]);

        var kept = await log.ReadAsync(new(Project) { Tail = 10_000 }, Ct);

        Assert.InRange(Bytes(), 6_000, 8_000);
        Assert.Equal(RuntimeStream.Note, kept[0].Stream);
        Assert.Equal($"{1_000 - (kept.Count - 1)} earlier lines were dropped: the log is kept within its budget", kept[0].Text);
        Assert.Equal(Enumerable.Range(1_000 - kept.Count + 2, kept.Count - 1).Select(At), kept.Skip(1).Select(line => line.At));
        // Who asks for less than there is hears of no gap.
        Assert.DoesNotContain(await log.ReadAsync(new(Project) { Tail = 10 }, Ct), line => line.Stream == RuntimeStream.Note);
    }

    [Fact]
    public async Task Together_they_keep_to_the_total_and_each_keeps_its_newest()
    {
        var log = Begin(deployment: 8_000, total: 10_000);
        var (first, second) = (log.Open(Project, First), log.Open(Project, Second));
        for (var i = 1; i <= 100; i++) first.Append([Line(i, new string('a', 60))]);
        for (var i = 101; i <= 200; i++) second.Append([Line(i, new string('b', 60))]);

        Assert.InRange(Bytes(), 8_000, 10_000);
        Assert.Equal(At(100), (await log.ReadAsync(new(Project, First), Ct))[^1].At);
        Assert.True((await log.ReadAsync(new(Project, Second), Ct)).Count > (await log.ReadAsync(new(Project, First), Ct)).Count);
    }

    [Fact]
    public async Task A_restart_goes_on_behind_the_last_whole_line()
    {
        _log.Open(Project, First).Append([Line(1, "a"), Line(2, "b")]);
        var number = (await _log.ReadAsync(new(Project), Ct))[^1].Number;
        var file = Directory.GetFiles(_root, "*.log", SearchOption.AllDirectories).Single();
        // The machine went down in the middle of a line.
        await File.AppendAllTextAsync(file, "0006 half", Ct);

        var again = Begin();
        var writer = again.Open(Project, First);
        Assert.InRange(writer.After ?? default, At(1), At(2));
        writer.Append([Line(2, "b"), Line(3, "c")]);

        var lines = await again.ReadAsync(new(Project), Ct);
        Assert.Equal(["a", "b", "c"], lines.Select(line => line.Text));
        Assert.True(lines[^1].Number > number);
        Assert.Equal(lines, await Begin().ReadAsync(new(Project), Ct));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(file) ?? ""));
    }

    [Fact]
    public async Task A_follower_keeps_up_over_files_that_are_begun_and_dropped()
    {
        var log = Begin(deployment: 2_000);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        end.CancelAfter(Awaiting.Patience);
        await using var lines = log.FollowAsync(new(Project), end.Token).GetAsyncEnumerator(Ct);
        var writer = log.Open(Project, First);
        for (var i = 1; i <= 500; i++)
        {
            writer.Append([Line(i, $"{i}")]);
            Assert.True(await lines.MoveNextAsync());
            Assert.Equal($"{i}", lines.Current.Text);
        }
    }

    private RuntimeLogFiles Begin(long deployment = 1 << 20, long total = 1 << 30) => new(_root, deployment, total, TimeProvider.System);

    private long Bytes() => new DirectoryInfo(_root).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
