using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Testing.Contracts;

namespace Core.Tests.BuildLogs;

public sealed class BuildLogWriterTests
{
    private static readonly DeploymentId Id = StrongId.New<DeploymentId>(TimeProvider.System);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("10%\r20%\r100%", "100%")]
    [InlineData("10%\r100%\r", "100%")]
    [InlineData("windows line\r", "windows line")]
    [InlineData("\r", "")]
    [InlineData("1\r\u001b[K\u001b[32m2\u001b[0m", "\u001b[K\u001b[32m2\u001b[0m")]
    public void Progress_that_stands_over_itself_is_folded_to_its_last_state(string text, string shown) => Assert.Equal(shown, BuildLogLine.Fold(text));

    [Fact]
    public async Task Lines_and_changes_come_in_order_and_a_change_bears_the_attempt()
    {
        var log = new SlowLog();
        log.Open();
        await using (var writer = new BuildLogWriter(log, Id, 3, TimeProvider.System))
        {
            writer.Step("1/1", "▶ RUN x", new StepChange { Name = "RUN x", State = StepState.Running });
            writer.Line(BuildLogStream.Out, "1/1", "1%\r2%");
        }

        Assert.Equal(["▶ RUN x", "2%"], log.Lines.Select(l => l.Text));
        Assert.Equal(3, log.Lines[0].Change?.Attempt);
    }

    [Fact]
    public async Task Who_writes_much_waits_for_a_slow_log_and_little_is_under_way_meanwhile()
    {
        var log = new SlowLog();
        await using var writer = new BuildLogWriter(log, Id, 1, TimeProvider.System);
        await writer.CatchUpAsync(Ct).AsTask().Soon();
        var line = new string('x', 1000);
        var written = 0;
        var waits = writer.CatchUpAsync(Ct).AsTask();
        while (waits.IsCompleted && written < 100_000)
        {
            writer.Line(BuildLogStream.Out, null, line);
            written++;
            waits = writer.CatchUpAsync(Ct).AsTask();
        }

        Assert.InRange(written, 10, 5_000);
        Assert.False(waits.IsCompleted);
        log.Open();
        await waits.Soon();
        await writer.DisposeAsync();
        Assert.Equal(written, log.Lines.Count);
    }

    [Fact]
    public async Task Waiting_for_room_ends_with_the_token_and_with_a_log_that_fails()
    {
        var log = new SlowLog();
        await using var writer = new BuildLogWriter(log, Id, 1, TimeProvider.System);
        for (var i = 0; i < 1000; i++) writer.Line(BuildLogStream.Out, null, new string('x', 1000));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var waits = writer.CatchUpAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits.Soon());
        log.Open();

        var broken = new SlowLog();
        var unlucky = new BuildLogWriter(broken, Id, 1, TimeProvider.System);
        for (var i = 0; i < 1000; i++) unlucky.Line(BuildLogStream.Out, null, new string('x', 1000));
        var never = unlucky.CatchUpAsync(Ct).AsTask();
        broken.Break();
        await Assert.ThrowsAsync<IOException>(() => never.Soon());
        await Assert.ThrowsAsync<IOException>(() => unlucky.DisposeAsync().AsTask().Soon());
    }

    /// <summary>Takes nothing in before it is opened.</summary>
    private sealed class SlowLog : IBuildLogSink
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<BuildLogLine> Lines { get; } = [];

        public void Open() => _open.TrySetResult();

        public void Break() => _open.TrySetException(new IOException("the disk is full"));

        public async Task AppendAsync(DeploymentId deployment, int attempt, long batch, IReadOnlyList<BuildLogLine> lines, CancellationToken ct)
        {
            await _open.Task;
            Lines.AddRange(lines);
        }
    }
}
