using Slipway.StaticSite;

namespace StaticSite.Tests;

public sealed class AnswerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(
        "index.html", "about.html", "docs/index.html", "docs/intro.html", "both.html", "both/index.html", "app.js", "404.html",
        ".env", ".git/config", "docs/.htpasswd", ".well-known/security.txt", "docs/.well-known/hidden.txt", "ümlaut.txt");

    [Theory]
    [InlineData("/", "/index.html")]
    [InlineData("/index.html", "/index.html")]
    [InlineData("/about", "/about.html")]
    [InlineData("/about.html", "/about.html")]
    [InlineData("/docs/", "/docs/index.html")]
    [InlineData("/docs/intro", "/docs/intro.html")]
    [InlineData("/both", "/both.html")]
    [InlineData("/both/", "/both/index.html")]
    [InlineData("/app.js", "/app.js")]
    [InlineData("/.well-known/security.txt", "/.well-known/security.txt")]
    [InlineData("/ümlaut.txt", "/ümlaut.txt")]
    public void A_path_finds_its_file(string path, string file) => Assert.Equal(file, Assert.IsType<Answer.Found>(For(path)).File.Path);

    [Theory]
    [InlineData("/docs", "/docs/")]
    [InlineData("/about/", "/about")]
    public void A_path_with_the_wrong_ending_is_sent_on(string path, string target) => Assert.Equal(target, Assert.IsType<Answer.Redirect>(For(path)).Path);

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/About")]
    [InlineData("//")]
    [InlineData("//docs/")]
    [InlineData("/docs//")]
    [InlineData("/.env")]
    [InlineData("/.git/config")]
    [InlineData("/docs/.htpasswd")]
    [InlineData("/docs/.well-known/hidden.txt")]
    [InlineData("/../outside.txt")]
    [InlineData("/docs/../about.html")]
    public void What_is_missing_or_hidden_is_not_found(string path) => Assert.Equal("/404.html", Assert.IsType<Answer.NotFound>(For(path)).Page?.Path);

    [Theory]
    [InlineData("/boats/petrel", true, true)]
    [InlineData("/boats/petrel/", true, true)]
    [InlineData("/boats/petrel", false, false)]
    [InlineData("/assets/gone.js", true, false)]
    public void Only_a_page_falls_back_to_the_apps_own(string path, bool wantsPage, bool falls)
    {
        var answer = Answer.For(Site.Read(_folder.Root), path, isSpa: true, wantsPage);
        Assert.Equal(falls, answer is Answer.Found { File.Path: "/index.html" });
    }

    [Theory]
    [InlineData("/about/", "/about.html")]
    [InlineData("/about", "/about.html")]
    [InlineData("/docs", "/docs/index.html")]
    [InlineData("/docs/", "/docs/index.html")]
    [InlineData("/", "/index.html")]
    public void Where_the_slash_is_decided_elsewhere_both_are_served(string path, string file) =>
        Assert.Equal(file, Assert.IsType<Answer.Found>(Answer.For(Site.Read(_folder.Root), path, isSpa: false, wantsPage: true, isLoose: true)).File.Path);

    [Fact]
    public void A_200_page_is_the_fallback_without_being_told()
    {
        _folder.Write("200.html", "shell");
        var answer = Answer.For(Site.Read(_folder.Root), "/boats/petrel", isSpa: false, wantsPage: true);
        Assert.Equal("/200.html", Assert.IsType<Answer.Found>(answer).File.Path);
    }

    [Fact]
    public void Links_are_served_only_where_they_stay_inside()
    {
        File.WriteAllText(_folder.Outside("secret.txt"), "secret");
        Directory.CreateDirectory(_folder.Outside("folder"));
        File.WriteAllText(_folder.Outside("folder/secret.txt"), "secret");
        _folder.Link("inside.txt", "app.js").Link("outside.txt", _folder.Outside("secret.txt")).Link("up.txt", "../secret.txt")
            .Link("folder", _folder.Outside("folder")).Link("environment.txt", ".env").Link("through.txt", "folder/secret.txt").Link("nothing.txt", "gone");

        var site = Site.Read(_folder.Root);

        Assert.NotNull(site["/inside.txt"]);
        foreach (var path in new[] { "/outside.txt", "/up.txt", "/folder/secret.txt", "/environment.txt", "/through.txt", "/nothing.txt" })
            Assert.Null(site[path]);
    }

    public void Dispose() => _folder.Dispose();

    private Answer For(string path) => Answer.For(Site.Read(_folder.Root), path, isSpa: false, wantsPage: true);
}
