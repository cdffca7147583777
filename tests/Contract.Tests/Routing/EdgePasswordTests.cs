using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Routing;

namespace Contract.Tests.Routing;

/// <summary>A protected host on the real edge before a real app: who comes in, who does not, and what nobody gets around.</summary>
public sealed class EdgePasswordTests
{
    private const string Password = "correct horse";

    // Few rounds: it is the door that is tried here, not the library.
    private static readonly string Hash = HashOf(Password);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Browser_is_shown_a_page_whose_password_opens_the_host_and_goes_on_to_where_it_wanted()
    {
        await using var edge = await ProtectedAsync();
        using var asked = await SendAsync(edge, HttpMethod.Get, "/a%20b?x=1&y=2", r => r.Headers.Accept.ParseAdd("text/html"));
        var page = await asked.Content.ReadAsStringAsync(Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.Empty(asked.Headers.WwwAuthenticate);
        Assert.Equal("no-store", asked.Headers.CacheControl?.ToString());
        Assert.Contains("form-action 'self'", asked.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        var to = WebUtility.HtmlDecode(Regex.Match(page, "name=\"to\" value=\"([^\"]*)\"").Groups[1].Value);

        using var entered = await EnterAsync(edge, Password, to);
        Assert.Equal((HttpStatusCode.SeeOther, "/a%20b?x=1&y=2"), (entered.StatusCode, entered.Headers.Location?.OriginalString));
        var cookie = entered.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; max-age=604800", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);

        // The app sees its own cookie and authorization, and not ours.
        using var inside = await SendAsync(edge, HttpMethod.Post, "/in", r =>
        {
            r.Headers.Add("Cookie", $"mine=1; {Pair(entered)}; other=2");
            r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "app");
        });
        Assert.Equal("POST /in [mine=1; other=2] [Bearer app]", await inside.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Program_comes_in_by_basic_and_is_challenged_without()
    {
        await using var edge = await ProtectedAsync();
        using var without = await edge.GetAsync("/");
        Assert.Equal((HttpStatusCode.Unauthorized, "Basic"), (without.StatusCode, without.Headers.WwwAuthenticate.Single().Scheme));
        using var picture = await SendAsync(edge, HttpMethod.Get, "/a.png", r => r.Headers.Add("Sec-Fetch-Mode", "no-cors"));
        Assert.Equal((HttpStatusCode.Unauthorized, 0), (picture.StatusCode, picture.Headers.WwwAuthenticate.Count));
        using var json = await SendAsync(edge, HttpMethod.Get, "/", r => r.Headers.Accept.ParseAdd("application/json"));
        Assert.Contains("\"code\":\"edge.password\"", await json.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        foreach (var user in new[] { "any", "", "körper" })
        {
            using var inside = await BasicAsync(edge, Password, user: user);
            Assert.Equal("GET /in [] []", await inside.Content.ReadAsStringAsync(Ct));
        }

        using var wrong = await BasicAsync(edge, "correct horsf");
        Assert.Equal((HttpStatusCode.Unauthorized, "Basic"), (wrong.StatusCode, wrong.Headers.WwwAuthenticate.Single().Scheme));
        using var nothing = await SendAsync(edge, HttpMethod.Get, "/", r => r.Headers.TryAddWithoutValidation("Authorization", "Basic !!"));
        Assert.Equal(HttpStatusCode.Unauthorized, nothing.StatusCode);
    }

    [Fact]
    public async Task Wrong_passwords_end_in_a_limit_that_who_is_known_does_not_feel()
    {
        await using var edge = await ProtectedAsync(o => o.PasswordAttempts = 3);
        using (var known = await BasicAsync(edge, Password)) Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        for (var i = 0; i < 3; i++)
        {
            using var wrong = await EnterAsync(edge, $"wrong {i}", "/");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
            Assert.Contains("That was not the password", await wrong.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }

        using var more = await EnterAsync(edge, "wrong again", "/");
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromMinutes(5)), (more.StatusCode, more.Headers.RetryAfter?.Delta));
        using var stillKnown = await BasicAsync(edge, Password);
        Assert.Equal(HttpStatusCode.OK, stillKnown.StatusCode);

        // Another project's password has a count of its own.
        var other = HashOf("another one");
        await edge.PublishAsync(new Route("app.localhost", RouteKind.App, [await edge.StartAppAsync(Tell)], null, PasswordHash: other));
        using var entered = await EnterAsync(edge, "another one", "/");
        Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);
    }

    [Fact]
    public async Task Neither_rules_nor_a_forged_probe_lead_around_it()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        var rules = new EdgeRules { Redirects = [new("/old", "/new", 307)], Rewrites = [new("/(.*)", "https://example.com/$1")] };
        await edge.PublishAsync(rules, new Route("app.localhost", RouteKind.App, [await edge.StartAppAsync(Tell)], null, PasswordHash: Hash));

        foreach (var path in new[] { "/old", "/new", "/.slipway/password", "/.well-known/acme-challenge/none" })
        {
            using var plain = await edge.GetAsync(path);
            using var forged = await SendAsync(edge, HttpMethod.Get, path, r => r.Headers.Add("X-Slipway-Probe", "1"));
            Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (plain.StatusCode, forged.StatusCode));
        }

        Assert.Equal(new ProbeResult(200, true, null), await edge.Router.ProbeAsync("app.localhost", "/old", TimeSpan.FromSeconds(20), Ct));
        using var allowed = await BasicAsync(edge, Password, "/old");
        Assert.Equal(HttpStatusCode.TemporaryRedirect, allowed.StatusCode);
    }

    [Fact]
    public async Task A_forged_probe_is_nobody_special_at_an_open_host_either()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.ServeAsync(new EdgeRules { Redirects = [new("/old", "/new", 307)] }, context => context.Response.WriteAsync(context.Request.Headers["X-Slipway-Probe"].ToString(), Ct));

        using var forged = await SendAsync(edge, HttpMethod.Get, "/old", r => r.Headers.Add("X-Slipway-Probe", "1"));
        using var passed = await SendAsync(edge, HttpMethod.Get, "/x", r => r.Headers.Add("X-Slipway-Probe", "1"));

        Assert.Equal(HttpStatusCode.TemporaryRedirect, forged.StatusCode);
        Assert.Equal("", await passed.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task Sleeping_app_is_woken_by_the_right_password_only()
    {
        await using var edge = await EdgeUnderTest.StartedAsync(o => o.WaitForWake = TimeSpan.FromMilliseconds(200));
        var id = StrongId.New<DeploymentId>(TimeProvider.System);
        await edge.PublishAsync(new Route("app.localhost", RouteKind.Asleep, [], id, PasswordHash: Hash));

        foreach (var asked in new[] { await edge.GetAsync("/"), await BasicAsync(edge, "wrong one") })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
            asked.Dispose();
        }

        Assert.Empty((await edge.Router.UseAsync(Ct)).Deployments);
        using var waited = await BasicAsync(edge, Password);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, waited.StatusCode);
        Assert.True(Assert.Single((await edge.Router.UseAsync(Ct)).Deployments).IsWanted);
    }

    [Fact]
    public async Task A_restarted_edge_asks_from_its_last_table_and_knows_its_visitors()
    {
        await using var edge = await ProtectedAsync();
        using var entered = await EnterAsync(edge, Password, "/");
        await edge.StopAsync();
        await edge.StartAsync();

        using var stranger = await edge.GetAsync("/");
        using var known = await SendAsync(edge, HttpMethod.Get, "/", r => r.Headers.Add("Cookie", Pair(entered)));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (stranger.StatusCode, known.StatusCode));
        var key = Path.Combine(edge.Folder, "edge", "visitors.key");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
    }

    [Fact]
    public async Task A_cookie_is_good_for_its_host_and_password_only()
    {
        await using var edge = await ProtectedAsync();
        var app = await edge.StartAppAsync(Tell);
        using var entered = await EnterAsync(edge, Password, "/");
        var cookie = Pair(entered);
        async Task<HttpStatusCode> WithAsync(string sent, string host = "app.localhost")
        {
            using var answer = await SendAsync(edge, HttpMethod.Get, "/", r =>
            {
                r.Headers.Host = host;
                r.Headers.Add("Cookie", sent);
            });
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await WithAsync(cookie));
        Assert.Equal(HttpStatusCode.OK, await WithAsync(cookie, "APP.localhost.:8080"));
        // Another of that name, set by a domain above, does not lock anybody out.
        Assert.Equal(HttpStatusCode.OK, await WithAsync($"slipway_visit=1.x; {cookie}"));
        var later = Regex.Replace(cookie, "=[0-9]+", "=9999999999");
        Assert.Equal(HttpStatusCode.Unauthorized, await WithAsync(later));
        Assert.Equal(HttpStatusCode.Unauthorized, await WithAsync(cookie[..^1]));

        await edge.PublishAsync(new Route("app.localhost", RouteKind.App, [app], null, PasswordHash: Hash), new("other.localhost", RouteKind.App, [app], null, PasswordHash: Hash));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await WithAsync(cookie), await WithAsync(cookie, "other.localhost")));
        await edge.PublishAsync(new Route("app.localhost", RouteKind.App, [app], null, PasswordHash: HashOf(Password)));
        Assert.Equal(HttpStatusCode.Unauthorized, await WithAsync(cookie));
    }

    [Theory]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example/")]
    [InlineData("https://elsewhere.example/")]
    [InlineData("/a\r\nSet-Cookie: x=1")]
    [InlineData("/.slipway/password")]
    [InlineData("")]
    public async Task The_way_back_never_leaves_the_host(string to)
    {
        await using var edge = await ProtectedAsync();
        using var entered = await EnterAsync(edge, Password, to);
        Assert.Equal((HttpStatusCode.SeeOther, "/"), (entered.StatusCode, entered.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task What_is_no_form_is_refused_and_a_huge_one_is_not_read()
    {
        await using var edge = await ProtectedAsync();
        foreach (var body in new HttpContent[] { new StringContent("password=x"), new FormUrlEncodedContent([new("other", "x")]), new StringContent($"password={new string('x', 20_000)}", Encoding.UTF8, "application/x-www-form-urlencoded") })
        {
            using var answer = await SendAsync(edge, HttpMethod.Post, "/.slipway/password", r => r.Content = body);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Authority_finds_its_challenge_at_a_protected_host()
    {
        var folder = Directory.CreateTempSubdirectory("edge-acme-").FullName;
        var challenges = Directory.CreateDirectory(Path.Combine(folder, ".well-known", "acme-challenge"));
        await File.WriteAllTextAsync(Path.Combine(challenges.FullName, "token"), "token.key", Ct);
        await using var edge = await ProtectedAsync(o => o.Tls.ChallengeFolder = folder);

        using var answer = await edge.GetAsync("/.well-known/acme-challenge/token");

        Assert.Equal((HttpStatusCode.OK, "token.key"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct)));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Pages_of_a_protected_host_are_behind_it_too()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.PublishAsync(new Route("app.localhost", RouteKind.Failed, [], StrongId.New<DeploymentId>(TimeProvider.System), PasswordHash: Hash));
        using var asked = await edge.GetAsync("/");
        using var inside = await BasicAsync(edge, Password);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.ServiceUnavailable), (asked.StatusCode, inside.StatusCode));
    }

    [Fact]
    public async Task A_hash_that_is_none_lets_nobody_in()
    {
        await using var edge = await EdgeUnderTest.StartedAsync();
        await edge.PublishAsync(new Route("app.localhost", RouteKind.App, [await edge.StartAppAsync(Tell)], null, PasswordHash: "no hash"));
        using var answer = await BasicAsync(edge, "no hash");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static Task Tell(HttpContext context) => context.Response.WriteAsync(
        $"{context.Request.Method} {context.Request.GetEncodedPathAndQuery()} [{context.Request.Headers.Cookie}] [{context.Request.Headers.Authorization}]", context.RequestAborted);

    private static async Task<EdgeUnderTest> ProtectedAsync(Action<Slipway.Edge.EdgeOptions>? configure = null)
    {
        var edge = await EdgeUnderTest.StartedAsync(configure);
        await edge.PublishAsync(new Route("app.localhost", RouteKind.App, [await edge.StartAppAsync(Tell)], null, PasswordHash: Hash));
        return edge;
    }

    private static async Task<HttpResponseMessage> SendAsync(EdgeUnderTest edge, HttpMethod method, string path, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        change(request);
        return await edge.SendAsync(request);
    }

    private static Task<HttpResponseMessage> BasicAsync(EdgeUnderTest edge, string password, string path = "/in", string user = "any") => SendAsync(edge, HttpMethod.Get, path, r =>
        r.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))));

    private static Task<HttpResponseMessage> EnterAsync(EdgeUnderTest edge, string password, string to) => SendAsync(edge, HttpMethod.Post, "/.slipway/password", r =>
    {
        r.Headers.Accept.ParseAdd("text/html");
        r.Content = new FormUrlEncodedContent([new("to", to), new("password", password)]);
    });

    private static string Pair(HttpResponseMessage entered) => entered.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

    private static string HashOf(string password) => new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 1000 })).HashPassword(new object(), password);
}
