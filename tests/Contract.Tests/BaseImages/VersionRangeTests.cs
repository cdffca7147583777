using Slipway.Docker.BaseImages;

namespace Slipway.Contract.Tests.BaseImages;

public sealed class VersionRangeTests
{
    private static readonly string[] Published =
        ["18.20.8", "20.9.0", "20.19.5", "22.9.0", "22.12.0", "22.23.3", "23.11.1", "24.0.0", "24.9.2", "25.0.0-rc.1"];

    [Theory]
    [InlineData("22", "22.23.3")]
    [InlineData("22.x", "22.23.3")]
    [InlineData("v22.9", "22.9.0")]
    [InlineData("=22.12.0", "22.12.0")]
    [InlineData("^20.9", "20.19.5")]
    [InlineData("~22.12.0", "22.12.0")]
    [InlineData("~22", "22.23.3")]
    [InlineData(">=20.9", "24.9.2")]
    [InlineData(">= 20.9 < 23", "22.23.3")]
    [InlineData(">22 <24", "23.11.1")]
    [InlineData("<=22", "22.23.3")]
    [InlineData("<22.9", "20.19.5")]
    [InlineData("18 - 20", "20.19.5")]
    [InlineData("18.0.0 - 20.9.0", "20.9.0")]
    [InlineData("^18.17.0 || ^20.3.0", "20.19.5")]
    [InlineData("^20 || >=23 <24", "23.11.1")]
    [InlineData("*", "24.9.2")]
    [InlineData("", "24.9.2")]
    public void The_newest_version_in_the_range_is_chosen(string range, string expected)
    {
        Assert.True(VersionRange.TryParse(range, out var parsed));
        Assert.Equal(expected, ReleaseVersion.Newest(Published, parsed)?.ToString());
    }

    [Theory]
    [InlineData("19")]
    [InlineData("^25")]
    [InlineData(">24 <24")]
    public void Nothing_is_chosen_where_nothing_matches(string range)
    {
        Assert.True(VersionRange.TryParse(range, out var parsed));
        Assert.Null(ReleaseVersion.Newest(Published, parsed));
    }

    [Theory]
    [InlineData("lts/*")]
    [InlineData("22; rm -rf /")]
    [InlineData(">=twenty")]
    [InlineData("file:../node")]
    public void What_is_no_range_is_refused(string range) => Assert.False(VersionRange.TryParse(range, out _));
}
