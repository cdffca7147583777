using System.IO.Compression;
using System.Text;
using Slipway.Core.BuildLogs;

namespace Core.Tests.BuildLogs;

public sealed class PackedLinesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(400)]
    public void What_was_packed_is_unpacked_from_the_store_and_from_outside(int count)
    {
        var at = new DateTimeOffset(2026, 11, 27, 10, 0, 0, TimeSpan.Zero);
        var change = new StepChange { Name = "[1/2] RUN x", State = StepState.Cached, Duration = TimeSpan.FromSeconds(2), Why = "same", Attempt = 3 };
        BuildLogLine[] lines = [.. Enumerable.Range(0, count).Select(i => new BuildLogLine(7 + i, at.AddTicks(i), BuildLogStream.Err, i % 2 == 0 ? "build 1/2" : null, $"line \"{i}\" ü\n") { Change = i == 0 ? change : null })];

        var packed = PackedLines.Pack(lines);

        Assert.Equal(lines, PackedLines.Unpack(packed, 7));
        Assert.Equal(lines.Select(line => line with { Sequence = 0 }), PackedLines.TryUnpack(packed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("null")]
    [InlineData("no JSON and no gzip")]
    [InlineData("[{\"a\":1,\"s\":\"Out\"}]")]
    [InlineData("[{\"a\":-1,\"s\":\"Out\",\"t\":\"x\"}]")]
    [InlineData("[{\"a\":9223372036854775807,\"s\":\"Out\",\"t\":\"x\"}]")]
    [InlineData("[{\"a\":1,\"s\":77,\"t\":\"x\"}]")]
    public void What_nobody_packs_is_nothing(string sent) => Assert.Null(PackedLines.TryUnpack(Encoding.UTF8.GetBytes(sent)));

    [Fact]
    public void Gzip_that_is_broken_off_or_swells_is_nothing()
    {
        var whole = PackedLines.Pack([.. Enumerable.Range(0, 100).Select(i => new BuildLogLine(0, default, BuildLogStream.Out, null, $"line {i} of some that are long enough"))]);
        Assert.NotNull(PackedLines.TryUnpack(whole));
        Assert.Null(PackedLines.TryUnpack(whole[..(whole.Length / 2)]));

        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest))
        {
            gzip.Write("["u8);
            var spaces = Encoding.ASCII.GetBytes(new string(' ', 1024 * 1024));
            for (var i = 0; i < 64; i++) gzip.Write(spaces);
            gzip.Write("]"u8);
        }

        Assert.Null(PackedLines.TryUnpack(bomb.ToArray()));
    }
}
