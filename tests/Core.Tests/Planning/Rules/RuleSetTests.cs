using System.Diagnostics;
using Slipway.Core.Pipeline.Planning.Rules;

namespace Core.Tests.Planning.Rules;

public sealed class RuleSetTests
{
    [Theory]
    [InlineData("/old", "/new?path=foo", "?baz=10", "/new?path=foo&baz=10")]
    [InlineData("/old", "/new?baz=1", "?baz=10&b=%20c", "/new?baz=1&b=%20c")]
    [InlineData("/old", "/new#part", "?a=1", "/new?a=1#part")]
    [InlineData("/old", "https://example.com", "?a=1", "https://example.com?a=1")]
    public void Redirect_takes_the_query_along(string source, string destination, string query, string location) =>
        Assert.Equal(new RuleRedirect(308, location), Redirects(source, destination).Redirect(Request("/old") with { Query = query }));

    [Theory]
    [InlineData("//evil.example/x.html", "/evil.example/x")]
    [InlineData("/\\evil.example/x.html", "/evil.example/x")]
    [InlineData("///evil.example/index", "/evil.example")]
    public void Redirect_never_leads_to_another_host_by_the_path(string path, string location) =>
        Assert.Equal(location, new RuleSet(new EdgeRules { CleanUrls = true }).Redirect(Request(path))?.Location);

    [Theory]
    [InlineData("/de/docs", "https://de.example.com/docs")]
    [InlineData("/evil.test%2F/docs", "https://evil.test%252F.example.com/docs")]
    [InlineData("/evil.test/x/docs", "https://evil.test%2Fx.example.com/docs")]
    public void What_a_path_says_cannot_choose_another_host(string path, string location) =>
        Assert.Equal(location, Redirects("/:lang*/docs", "https://:lang*.example.com/docs").Redirect(Request(path))?.Location);

    [Fact]
    public void Redirect_to_where_one_is_already_is_none()
    {
        Assert.Null(Redirects("/:path*", "/:path*").Redirect(Request("/a/b") with { Query = "?q=1" }));
        Assert.Equal("/b", Redirects("/(.*)", "/b").Redirect(Request("/a"))?.Location);
        Assert.Null(Redirects("/(.*)", "/b").Redirect(Request("/b")));
    }

    [Fact]
    public void Pages_are_tidied_before_redirects_and_the_first_of_those_wins()
    {
        var set = new RuleSet(new EdgeRules { TrailingSlash = false, Redirects = [new("/a/", "/never", 302), new("/a", "/first", 302), new("/:any", "/second", 301)] });

        Assert.Equal(new RuleRedirect(308, "/a"), set.Redirect(Request("/a/")));
        Assert.Equal(new RuleRedirect(302, "/first"), set.Redirect(Request("/a")));
        Assert.Equal(new RuleRedirect(301, "/second"), set.Redirect(Request("/b")));
        Assert.Null(set.Redirect(Request("/A/b")));
    }

    [Fact]
    public void Rewrites_go_on_from_where_the_one_before_led()
    {
        var set = Rewrites(("/a", "/b"), ("/x", "/y"), ("/b", "/c?from=b"), ("/c", "https://example.com/c"));

        var first = Next(set, "/a", "?q=1", 0);
        var second = Next(set, "/b", "?q=1", first.Next);
        var third = Next(set, "/c", "?from=b&q=1", second.Next);

        Assert.Equal(("/b?q=1", false), (first.Target, first.IsExternal));
        Assert.Equal(("/c?q=1&from=b", false), (second.Target, second.IsExternal));
        Assert.Equal(("https://example.com/c?from=b&q=1", true), (third.Target, third.IsExternal));
        Assert.Null(set.Rewrite(Request("/a"), "/elsewhere", "", 0));
    }

    [Fact]
    public void Rewrite_hands_the_names_on_and_what_was_asked_wins()
    {
        var set = Rewrites(("/user/:id", "/profile"), ("/find/:word", "/search?word=:word&page=1"));

        Assert.Equal("/profile?id=7", Next(set, "/user/7", "", 0).Target);
        Assert.Equal("/search?page=2&word=a%26b", Next(set, "/find/a&b", "?page=2", 0).Target);
    }

    [Fact]
    public void Later_header_of_the_same_name_goes_before_the_earlier()
    {
        var set = new RuleSet(new EdgeRules
        {
            Headers = [new("/(.*)", [new("X-One", "1"), new("cache-control", "no-store")]), new("/assets/:file*", [new("Cache-Control", "public"), new("X-File", ":file*")])],
        });

        Assert.Equal([new("X-One", "1"), new("Cache-Control", "public"), new("X-File", "a/b.js")], set.Headers(Request("/assets/a/b.js")));
        Assert.Equal([new("X-One", "1"), new RuleHeader("cache-control", "no-store")], set.Headers(Request("/")));
    }

    [Fact]
    public void Header_that_a_request_has_spoilt_is_left_out()
    {
        var set = new RuleSet(new EdgeRules { Headers = [new("/", [new("X-Who", ":who"), new("X-Fixed", "1")], [new(RequestPart.Query, "who")])] });

        Assert.Equal([new("X-Who", "me"), new("X-Fixed", "1")], set.Headers(Request("/") with { Query = "?who=me" }));
        Assert.Equal([new RuleHeader("X-Fixed", "1")], set.Headers(Request("/") with { Query = "?who=me%0d%0aSet-Cookie:+a" }));
        Assert.Equal([], set.Headers(Request("/")));
    }

    [Theory]
    [InlineData(RequestPart.Host, null, "(?<sub>[a-z]+)\\.example\\.com", "/shop")]
    [InlineData(RequestPart.Host, null, "example\\.com", null)]
    [InlineData(RequestPart.Header, "x-kind", "(?<sub>.*)", "/big one")]
    [InlineData(RequestPart.Header, "x-none", null, null)]
    [InlineData(RequestPart.Cookie, "beta", "1|(?<sub>2)", "/")]
    [InlineData(RequestPart.Cookie, "beta", "", "/")]
    [InlineData(RequestPart.Query, "q", "(?<sub>.*)", "/last")]
    [InlineData(RequestPart.Query, "q", "la", null)]
    public void Condition_is_for_the_whole_value_and_names_what_it_catches(RequestPart part, string? key, string? value, string? to)
    {
        var condition = new RuleCondition(part, key, value is "" ? null : value);
        var request = Request("/a") with { Host = "shop.example.com", Query = "?q=first&q=last", Header = h => h == "x-kind" ? "big one" : null, Cookie = c => c == "beta" ? "1" : null };
        var set = new RuleSet(new EdgeRules { Redirects = [new("/a", value?.Contains("sub", StringComparison.Ordinal) == true ? "/:sub" : "/", 307, [condition])] });
        var not = new RuleSet(new EdgeRules { Redirects = [new("/a", "/not", 307, null, [condition])] });

        Assert.Equal(to?.Replace(" ", "%20", StringComparison.Ordinal), set.Redirect(request)?.Location.Split('?')[0]);
        Assert.Equal(to is null, not.Redirect(request) is not null);
    }

    [Fact]
    public void Comparisons_must_all_hold()
    {
        Assert.True(Holds(new RuleComparison { Eq = "10", Gt = 9, Lte = 10, Pre = "1", Suf = "0", Inc = ["10"], Neq = "11", Ninc = ["12"], Re = "\\d+" }));
        RuleComparison[] wrong = [new() { Eq = "1" }, new() { Gt = 10 }, new() { Gte = 11 }, new() { Lt = 10 }, new() { Lte = 9 }, new() { Pre = "0" }, new() { Suf = "1" }, new() { Inc = [] }, new() { Neq = "10" }, new() { Ninc = ["10"] }, new() { Re = "1" }];
        Assert.All(wrong, compare => Assert.False(Holds(compare)));
        Assert.False(Holds(new RuleComparison { Gt = 1 }, "many"));

        static bool Holds(RuleComparison compare, string value = "10") =>
            new RuleSet(new EdgeRules { Redirects = [new("/a", "/b", 307, [new(RequestPart.Query, "n", null, compare)])] }).Redirect(Request("/a") with { Query = $"?n={value}" }) is not null;
    }

    /// <summary>The first needs an expression that can look around, and so one that can go astray; the second is linear.</summary>
    [Fact]
    public void No_rule_can_freeze_the_edge()
    {
        var path = "/" + new string('a', 8000) + "!";
        var astray = Redirects("/((?!x)(?:[ab]|a[ab])+)", "/b");
        var linear = Redirects("/((?:[ab]|a[ab])+)", "/b");
        var clock = Stopwatch.StartNew();

        Assert.Throws<RuleTooSlowException>(() => astray.Redirect(Request(path)));
        for (var i = 0; i < 1000; i++) Assert.Throws<RuleTooSlowException>(() => astray.Redirect(Request(path)));
        Assert.Null(linear.Redirect(Request(path)));

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3), $"it took {clock.Elapsed}");
    }

    private static RuleRequest Request(string path) => new() { Host = "app.localhost", Path = path };

    private static RuleSet Redirects(string source, string destination) => new(new EdgeRules { Redirects = [new(source, destination, 308)] });

    private static RuleSet Rewrites(params (string Source, string Destination)[] rules) => new(new EdgeRules { Rewrites = [.. rules.Select(r => new RewriteRule(r.Source, r.Destination))] });

    private static RuleRewrite Next(RuleSet set, string path, string query, int from)
    {
        var next = set.Rewrite(Request(path), path, query, from);
        Assert.NotNull(next);
        return next;
    }
}
