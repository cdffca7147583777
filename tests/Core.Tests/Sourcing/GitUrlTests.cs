using Slipway.Core.Pipeline.Sourcing;

namespace Core.Tests.Sourcing;

public sealed class GitUrlTests
{
    [Theory]
    [InlineData("https://github.com/o/r", "github.com", 443, "git:https://github.com/o/r")]
    [InlineData("https://GitHub.com/o/r.git/", "github.com", 443, "git:https://github.com/o/r")]
    [InlineData("https://github.com:443/o/r.git", "github.com", 443, "git:https://github.com/o/r")]
    [InlineData("https://git.example.com:8443/o/r", "git.example.com", 8443, "git:https://git.example.com:8443/o/r")]
    [InlineData("git@github.com:o/r.git", "github.com", 22, "git:https://github.com/o/r")]
    [InlineData("ssh://git@github.com/o/r.git", "github.com", 22, "git:https://github.com/o/r")]
    [InlineData("ssh://git@github.com:2222/o/r", "github.com", 2222, "git:https://github.com/o/r")]
    public void All_spellings_of_a_repository_have_one_origin(string text, string host, int port, string origin)
    {
        var url = GitUrl.Parse(text).Value;
        Assert.Equal((host, port, origin, "r"), (url.Host, url.Port, url.Origin, url.RepositoryName));
    }

    [Theory]
    [InlineData("https://EXAMPLE.com/o/../p/r", "https://example.com/p/r")]
    [InlineData("https://0x7f.1/r", "https://127.0.0.1/r")]
    [InlineData("https://2130706433/r", "https://127.0.0.1/r")]
    public void Git_is_called_with_the_host_that_was_checked(string text, string called) => Assert.Equal(called, GitUrl.Parse(text).Value.Text);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("o/r")]
    [InlineData("/srv/git/r")]
    [InlineData("./r")]
    [InlineData("~/r")]
    [InlineData("file:///srv/git/r")]
    [InlineData("git://github.com/o/r")]
    [InlineData("ftp://github.com/o/r")]
    [InlineData("ext::sh -c touch% /tmp/x")]
    [InlineData("ext::id")]
    [InlineData("fd::17/x")]
    [InlineData("https::https://github.com/o/r")]
    [InlineData("--upload-pack=touch")]
    [InlineData("-oProxyCommand=id@github.com:o/r")]
    [InlineData("ssh://-oProxyCommand=id/r")]
    [InlineData("ssh://-oProxyCommand@github.com/r")]
    [InlineData("git@-oProxyCommand=id:r")]
    [InlineData("https://u:p@github.com/o/r")]
    [InlineData("https://token@github.com/o/r")]
    [InlineData("ssh://u:p@github.com/o/r")]
    [InlineData("https://github.com/")]
    [InlineData("https:///o/r")]
    [InlineData("https://github.com./o/r")]
    [InlineData("https://github.com/o/r?x=1")]
    [InlineData("https://github.com/o/r#x")]
    [InlineData("https://github.com/o/%2e%2e/%2e%2e/r%2f..%2f..")]
    [InlineData("https://github.com/o/r;id")]
    [InlineData("https://github.com/o/$(id)")]
    [InlineData("https://github.com/o/`id`")]
    [InlineData("https://github.com/o/r\n")]
    [InlineData("https://github.com\\@127.0.0.1/r")]
    [InlineData("https://a%00b/r")]
    [InlineData("https://１２７.0.0.1/r")]
    [InlineData("https://ⓛocalhost/r")]
    public void What_is_no_public_repository_is_refused(string text)
    {
        // Blanks around are a matter of copy and paste; a line end within is not.
        var refused = text.EndsWith('\n') ? GitUrl.Parse(text + "x") : GitUrl.Parse(text);
        Assert.Equal("fetch.url_invalid", refused.Failure?.Code);
        Assert.NotNull(refused.Failure?.Hint);
    }

    [Theory]
    [InlineData("main")]
    [InlineData("feature/x-1")]
    [InlineData("v1.2.3")]
    [InlineData("refs/heads/main")]
    [InlineData("dependabot/npm_and_yarn/a-1.0")]
    [InlineData("ümlaut")]
    public void Names_of_branches_and_tags_are_let_through(string text) => Assert.Null(GitRef.Check(text));

    [Theory]
    [InlineData("")]
    [InlineData("-x")]
    [InlineData("--upload-pack=id")]
    [InlineData("+main")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a..b")]
    [InlineData("a~1")]
    [InlineData("a^")]
    [InlineData("a:b")]
    [InlineData("a?")]
    [InlineData("a*")]
    [InlineData("a[b")]
    [InlineData("a\\b")]
    [InlineData("a@{1}")]
    [InlineData("a;b")]
    [InlineData("$(id)")]
    [InlineData("`id`")]
    [InlineData("a.lock")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a.")]
    public void What_could_be_more_than_a_name_is_refused(string text) => Assert.Equal("fetch.ref_invalid", GitRef.Check(text)?.Code);

    [Fact]
    public void Only_a_full_hash_is_a_commit()
    {
        Assert.True(GitRef.IsCommit(new string('a', 40)));
        Assert.False(GitRef.IsCommit(new string('a', 39)));
        Assert.False(GitRef.IsCommit(new string('g', 40)));
    }
}
