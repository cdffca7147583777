using Slipway.Core.Pipeline.Routing;

namespace Core.Tests.Routing;

public sealed class HostNameTests
{
    [Theory]
    [InlineData("app.localhost", "app.localhost")]
    [InlineData("APP.LocalHost", "app.localhost")]
    [InlineData("app.localhost.", "app.localhost")]
    [InlineData("app.localhost:8080", "app.localhost")]
    [InlineData("app.localhost.:8080", "app.localhost")]
    [InlineData("  app.localhost ", "app.localhost")]
    [InlineData("my_app.localhost", "my_app.localhost")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("BÜCHER.example", "xn--bcher-kva.example")]
    [InlineData("127.0.0.1:80", "127.0.0.1")]
    [InlineData("[::1]:80", "[::1]")]
    [InlineData("[2001:DB8::1]", "[2001:db8::1]")]
    public void One_form_for_every_spelling(string text, string expected)
    {
        Assert.True(HostName.TryNormalize(text, out var host));
        Assert.Equal(expected, host);
        Assert.True(HostName.TryNormalize(host, out var again));
        Assert.Equal(host, again);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(":80")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a..")]
    [InlineData("-a.b")]
    [InlineData("a-.b")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a@b")]
    [InlineData("a,b")]
    [InlineData("<a>")]
    [InlineData("http://a")]
    [InlineData("[::1")]
    [InlineData("[nonsense]")]
    [InlineData("a\0b")]
    public void What_is_no_host_name_is_refused(string? text) => Assert.False(HostName.TryNormalize(text, out _));

    [Fact]
    public void Names_longer_than_DNS_allows_are_refused()
    {
        Assert.True(HostName.TryNormalize(new string('a', 63) + ".b", out _));
        Assert.False(HostName.TryNormalize(new string('a', 64) + ".b", out _));
        Assert.False(HostName.TryNormalize(string.Join('.', Enumerable.Repeat("abcdefghi", 30)), out _));
    }

    [Theory]
    [InlineData("A.b:80", "A.b")]
    [InlineData("a.b.", "a.b")]
    [InlineData("[::1]:80", "[::1]")]
    [InlineData("[::1]", "[::1]")]
    [InlineData("", "")]
    [InlineData(":80", "")]
    [InlineData("[::1", "")]
    public void Port_and_trailing_dot_are_cut_without_a_copy(string host, string expected) =>
        Assert.Equal(expected, HostName.WithoutPort(host).ToString());
}
