using Slipway.Core.Pipeline.Building;

namespace Core.Tests.Building;

/// <summary>Builds are written as <c>written lately / in all</c>, in the order in which they began; <c>x</c> is told to stop, <c>?</c> is not counted.</summary>
public class DiskWriterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(100, false, "900/900 5/5", "")]
    [InlineData(99, false, "900/900 5/5", "1")]
    [InlineData(99, false, "0/5000 800/900 5/5", "2")]
    [InlineData(99, false, "0/900 0/5000", "2")]
    [InlineData(99, false, "7/7 7/7", "2")]
    [InlineData(99, false, "900/900x 5/5", "2")]
    [InlineData(99, true, "900/900x 5/5", "")]
    [InlineData(99, true, "5/5", "")]
    [InlineData(99, true, "900/900x 500/500", "2")]
    [InlineData(99, false, "? ?", "2,1")]
    [InlineData(99, false, "0/0 0/0", "2,1")]
    [InlineData(99, true, "?x ?", "2")]
    [InlineData(99, false, "? 5/5", "2")]
    [InlineData(99, false, "", "")]
    public void The_one_that_wrote_most_lately_is_stopped_and_the_next_only_if_that_did_not_help(int free, bool isRecovering, string running, string stopped)
    {
        var writers = running.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Writer).ToList();
        Assert.Equal(stopped, string.Join(',', DiskWriter.ToStop(writers, free, reserveBytes: 100, isRecovering).Select(writer => writer.Place)));
    }

    [Fact]
    public void What_was_written_before_the_last_ten_seconds_is_not_lately()
    {
        var written = new WrittenLately();
        Assert.Equal(0, written.Lately);
        foreach (var (second, total) in new[] { (0, 100L), (4, 100), (8, 150), (14, 150) }) written.Add(Noon.AddSeconds(second), total);
        Assert.Equal((50, 150), (written.Lately, written.Total));
        written.Add(Noon.AddSeconds(18), 160);
        Assert.Equal((10, 160), (written.Lately, written.Total));
    }

    private static DiskWriter Writer(string text, int index)
    {
        var numbers = text.TrimEnd('x').Split('/');
        long? lately = numbers is [var first, _] ? long.Parse(first) : null;
        return new(index + 1, lately, lately is null ? 0 : long.Parse(numbers[1]), text.EndsWith('x'));
    }
}
