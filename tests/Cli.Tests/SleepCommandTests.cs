using Slipway.Cli.Commands;
using Slipway.Client;

namespace Slipway.Cli.Tests;

public sealed class SleepCommandTests
{
    [Theory]
    [InlineData("90s", 90L)]
    [InlineData("5m", 300L)]
    [InlineData("2h", 7200L)]
    [InlineData("1d", 86400L)]
    [InlineData("5", null)]
    [InlineData("m", null)]
    [InlineData("-5m", null)]
    [InlineData("5 m", null)]
    [InlineData("99999999999d", null)]
    [InlineData("", null)]
    public void Times_are_read_as_people_write_them(string text, long? seconds) => Assert.Equal(seconds, TimeText.Seconds(text));

    [Fact]
    public void It_says_in_words_what_is_in_force()
    {
        Assert.Equal(
        [
            "shop's idle previews sleep (as the installation says):",
            "  frozen   after 5 min 0 s without a visitor; woken in milliseconds",
            "  stopped  after 4 h 0 min, or when memory is short; woken in about a second",
            "  production stays awake (--production on lets it sleep)",
            "  crawlers and monitors neither keep it awake nor wake it (--crawlers on changes that)",
        ], SleepCommand.Lines("shop", new SleepView(true, 300, 14400, false, false, false)));
        Assert.Equal(["shop never sleeps (its own setting)"], SleepCommand.Lines("shop", new SleepView(false, 300, 14400, false, false, true)));
    }
}
