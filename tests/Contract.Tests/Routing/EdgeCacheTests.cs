using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Identity;
using Slipway.Core;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Routing;
using Slipway.Testing.Hosting;

namespace Contract.Tests.Routing;

/// <summary>Immutable assets on the real edge: what is kept, for whom, and what never is.</summary>
public sealed class EdgeCacheTests
{
    private const string Forever = "public, max-age=31536000, immutable";
    private readonly DeploymentId _shop = StrongId.New<DeploymentId>(TimeProvider.System);
    private readonly Dictionary<string, int> _asked = [];
    private Action<HttpContext> _headers = _ => { };
    private string _body = string.Concat(Enumerable.Repeat("console.log('the same again');\n", 100));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_immutable_asset_is_fetched_once_and_answered_in_each_encoding()
    {
        await using var edge = await StartedAsync();
        _headers = context => context.Response.Headers.ETag = "\"v1\"";
        using var first = await GetAsync(edge, "/app.js");
        Assert.False(IsHit(first));

        using var plain = await GetAsync(edge, "/app.js");
        Assert.True(IsHit(plain));
        Assert.Equal((_body, Forever, "text/javascript", "\"v1\""), (await EdgeCompressionTests.ReadAsync(plain), plain.Headers.CacheControl?.ToString(), plain.Content.Headers.ContentType?.ToString(), plain.Headers.ETag?.ToString()));
        Assert.NotNull(plain.Headers.Age);
        foreach (var encoding in new[] { "br", "gzip" })
        {
            // Compressed beside the requests: with its length known once that is done.
            using var kept = await Looking.UntilAsync(async () => await GetAsync(edge, "/app.js", ("Accept-Encoding", encoding)) is { Content.Headers.ContentLength: not null } done ? done : null, TimeSpan.FromSeconds(20), "the asset is compressed");
            Assert.Equal((encoding, "W/\"v1\"", true), (kept.Content.Headers.ContentEncoding.Single(), kept.Headers.ETag?.ToString(), kept.Headers.Vary.Contains("Accept-Encoding")));
            Assert.Equal(_body, await EdgeCompressionTests.ReadAsync(kept));
        }

        using var head = await GetAsync(edge, "/app.js", method: HttpMethod.Head);
        Assert.Equal((HttpStatusCode.OK, (long)_body.Length, true), (head.StatusCode, head.Content.Headers.ContentLength, IsHit(head)));
        using var query = await GetAsync(edge, "/app.js?v=2");
        Assert.False(IsHit(query));
        Assert.Equal(1, _asked["/app.js"]);
    }

    [Theory]
    [InlineData("private, max-age=31536000, immutable", null, null, "/app.js")]
    [InlineData("no-store, immutable", null, null, "/app.js")]
    [InlineData("public, max-age=0, immutable", null, null, "/app.js")]
    [InlineData("public, max-age=31536000", null, null, "/app.js")]
    [InlineData("public, max-age=3600", null, null, "/app-3f9c21d4.js")]
    [InlineData(Forever, "Set-Cookie", "a=1", "/app.js")]
    [InlineData(Forever, "Vary", "Cookie", "/app.js")]
    [InlineData(Forever, "Vary", "Accept-Encoding, Origin", "/app.js")]
    [InlineData(Forever, "Vary", "*", "/app.js")]
    [InlineData(Forever, "Content-Encoding", "zstd", "/app.js")]
    public async Task What_may_change_or_is_for_one_person_is_never_kept(string cacheControl, string? name, string? value, string path)
    {
        await using var edge = await StartedAsync();
        _headers = context =>
        {
            context.Response.Headers.CacheControl = cacheControl;
            if (name is not null) context.Response.Headers[name] = value;
        };
        (await GetAsync(edge, path)).Dispose();
        using var again = await GetAsync(edge, path);
        Assert.Equal((false, 2), (IsHit(again), _asked[path]));
    }

    [Theory]
    [InlineData("/assets/index-DiwrgTda.js")]
    [InlineData("/main.3f9c21d4.css")]
    public async Task A_fingerprint_and_a_year_say_immutable_too(string path)
    {
        await using var edge = await StartedAsync();
        _headers = context => context.Response.Headers.CacheControl = "public, max-age=31536000";
        (await GetAsync(edge, path)).Dispose();
        using var again = await GetAsync(edge, path);
        Assert.True(IsHit(again));
    }

    [Fact]
    public async Task Who_shows_credentials_wants_a_part_or_asks_anew_is_sent_to_the_app()
    {
        await using var edge = await StartedAsync();
        (await GetAsync(edge, "/app.js", ("Authorization", "Bearer x"))).Dispose();
        (await GetAsync(edge, "/app.js", ("Range", "bytes=0-3"))).Dispose();
        (await GetAsync(edge, "/app.js", method: HttpMethod.Post)).Dispose();
        using var fresh = await GetAsync(edge, "/app.js");
        Assert.False(IsHit(fresh));
        foreach (var (name, value) in new[] { ("Authorization", "Bearer x"), ("Range", "bytes=0-3"), ("Cache-Control", "no-cache") })
        {
            using var passed = await GetAsync(edge, "/app.js", (name, value));
            Assert.False(IsHit(passed), name);
        }

        Assert.Equal(new ProbeResult(200, true, null), await edge.Edge.Router.ProbeAsync("app.localhost", "/app.js", TimeSpan.FromSeconds(20), Ct));
        Assert.Equal(8, _asked["/app.js"]);
        using var kept = await GetAsync(edge, "/app.js");
        Assert.True(IsHit(kept));
    }

    [Fact]
    public async Task Unchanged_is_said_by_tag_and_by_date()
    {
        await using var edge = await StartedAsync();
        _headers = context =>
        {
            context.Response.Headers.ETag = "\"v1\"";
            context.Response.Headers.LastModified = "Thu, 01 Jan 2026 00:00:00 GMT";
        };
        (await GetAsync(edge, "/app.js")).Dispose();
        foreach (var (name, value, status) in new[]
        {
            ("If-None-Match", "\"v0\", W/\"v1\"", HttpStatusCode.NotModified), ("If-None-Match", "*", HttpStatusCode.NotModified), ("If-None-Match", "\"v2\"", HttpStatusCode.OK),
            ("If-Modified-Since", "Thu, 01 Jan 2026 00:00:00 GMT", HttpStatusCode.NotModified), ("If-Modified-Since", "Wed, 31 Dec 2025 00:00:00 GMT", HttpStatusCode.OK),
        })
        {
            using var answer = await GetAsync(edge, "/app.js", (name, value));
            Assert.Equal((status, true, "\"v1\""), (answer.StatusCode, IsHit(answer), answer.Headers.ETag?.ToString()));
            if (status == HttpStatusCode.NotModified) Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Ct));
        }
    }

    [Fact]
    public async Task Another_deployment_at_the_host_never_gets_the_old_ones_bytes_and_coming_back_finds_them()
    {
        await using var edge = await StartedAsync();
        var app = edge.Serving;
        (await GetAsync(edge.Edge, "/app.js")).Dispose();
        var old = _body;
        _body = "new";
        await edge.Edge.PublishAsync(new Route("app.localhost", RouteKind.App, [app], StrongId.New<DeploymentId>(TimeProvider.System)));
        using var after = await GetAsync(edge, "/app.js");
        Assert.Equal((false, "new"), (IsHit(after), await after.Content.ReadAsStringAsync(Ct)));
        await edge.Edge.PublishAsync(new Route("app.localhost", RouteKind.App, [app], _shop));
        using var back = await GetAsync(edge, "/app.js");
        Assert.Equal((true, old), (IsHit(back), await back.Content.ReadAsStringAsync(Ct)));
    }

    [Fact]
    public async Task A_sleeping_app_is_not_woken_for_what_is_kept()
    {
        await using var edge = await StartedAsync();
        (await GetAsync(edge, "/app.js")).Dispose();
        await edge.Edge.PublishAsync(new Route("app.localhost", RouteKind.Asleep, [], _shop));
        using var kept = await GetAsync(edge, "/app.js");
        Assert.Equal((HttpStatusCode.OK, true), (kept.StatusCode, IsHit(kept)));
        Assert.DoesNotContain((await edge.Edge.Router.UseAsync(Ct)).Deployments, u => u.IsWanted);
    }

    [Fact]
    public async Task A_protected_hosts_assets_are_for_those_who_were_let_in()
    {
        await using var edge = await StartedAsync();
        (await GetAsync(edge, "/app.js")).Dispose();
        var hash = new PasswordHasher<object>().HashPassword(new object(), "correct horse");
        await edge.Edge.PublishAsync(new Route("app.localhost", RouteKind.App, [edge.Serving], _shop, PasswordHash: hash));
        using var stranger = await GetAsync(edge, "/app.js");
        using var visitor = await GetAsync(edge, "/app.js", ("Authorization", $"Basic {Convert.ToBase64String("a:correct horse"u8)}"));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK, true), (stranger.StatusCode, visitor.StatusCode, IsHit(visitor)));
    }

    [Fact]
    public async Task Rules_are_applied_to_what_is_kept_as_to_what_is_fetched()
    {
        await using var edge = await StartedAsync();
        var rules = new EdgeRules
        {
            Headers = [new("/(.*)", [new("X-Rule", "1")])],
            Redirects = [new("/old.js", "/app.js", 307)],
            Rewrites = [new("/gone.js", "/app.js")],
        };
        await edge.Edge.PublishAsync(rules, new Route("app.localhost", RouteKind.App, [edge.Serving], _shop));
        foreach (var _ in new int[2])
        {
            using var answer = await GetAsync(edge, "/app.js");
            Assert.Equal("1", answer.Headers.GetValues("X-Rule").Single());
            using var redirect = await GetAsync(edge, "/old.js");
            Assert.Equal(HttpStatusCode.TemporaryRedirect, redirect.StatusCode);
            // What another path answers is not this one's for ever.
            using var rewritten = await GetAsync(edge, "/gone.js");
            Assert.Equal((HttpStatusCode.OK, false), (rewritten.StatusCode, IsHit(rewritten)));
        }

        Assert.Equal(1 + 2, _asked["/app.js"]);
    }

    [Fact]
    public async Task What_the_app_encoded_is_for_those_who_take_it()
    {
        await using var edge = await StartedAsync();
        _headers = context =>
        {
            var takes = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal);
            context.Response.Headers.Vary = "Accept-Encoding";
            if (takes) context.Response.Headers.ContentEncoding = "gzip";
        };
        (await GetAsync(edge, "/app.js", ("Accept-Encoding", "gzip"))).Dispose();
        using var plain = await GetAsync(edge, "/app.js");
        Assert.Equal((false, 0), (IsHit(plain), plain.Content.Headers.ContentEncoding.Count));
        using var zipped = await GetAsync(edge, "/app.js", ("Accept-Encoding", "gzip"));
        Assert.Equal((true, "gzip"), (IsHit(zipped), zipped.Content.Headers.ContentEncoding.Single()));
        // Plain is for everybody, and compressed here.
        using var other = await GetAsync(edge, "/app.js", ("Accept-Encoding", "br"));
        Assert.Equal((true, "br", _body), (IsHit(other), other.Content.Headers.ContentEncoding.Single(), await EdgeCompressionTests.ReadAsync(other)));
    }

    [Fact]
    public async Task What_broke_off_is_not_kept_and_what_is_too_large_passes()
    {
        await using var edge = await StartedAsync(o => o.CacheMegabytes = 1);
        _body = new string('x', 200_000);
        foreach (var _ in new int[2])
        {
            using var large = await GetAsync(edge, "/app.js");
            Assert.Equal((false, 200_000), (IsHit(large), (await large.Content.ReadAsStringAsync(Ct)).Length));
        }

        _headers = context =>
        {
            context.Response.ContentLength = 100_000;
            _body = "broken";
        };
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => GetAsync(edge, "/broken.js"));
        _headers = _ => _body = "whole";
        using var whole = await GetAsync(edge, "/broken.js");
        Assert.Equal((false, "whole"), (IsHit(whole), await whole.Content.ReadAsStringAsync(Ct)));
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await using var edge = await StartedAsync(o => o.CacheMegabytes = 0);
        (await GetAsync(edge, "/app.js")).Dispose();
        using var again = await GetAsync(edge, "/app.js");
        Assert.False(IsHit(again));
    }

    private static bool IsHit(HttpResponseMessage answer) => answer.Headers.TryGetValues("X-Slipway-Cache", out var said) && said.Single() == "hit";

    private static Task<HttpResponseMessage> GetAsync(Started edge, string path, (string Name, string Value)? header = null, HttpMethod? method = null) => GetAsync(edge.Edge, path, header, method);

    private static async Task<HttpResponseMessage> GetAsync(EdgeUnderTest edge, string path, (string Name, string Value)? header = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (header is { } sent) request.Headers.TryAddWithoutValidation(sent.Name, sent.Value);
        return await edge.SendAsync(request);
    }

    private async Task<Started> StartedAsync(Action<Slipway.Edge.EdgeOptions>? configure = null)
    {
        var edge = await EdgeUnderTest.StartedAsync(configure);
        var app = await edge.StartAppAsync(async context =>
        {
            var path = context.Request.GetEncodedPathAndQuery();
            if (path == "/gone.js")
            {
                context.Response.StatusCode = 404;
                return;
            }

            _asked[path] = _asked.GetValueOrDefault(path) + 1;
            context.Response.ContentType = "text/javascript";
            context.Response.Headers.CacheControl = Forever;
            _headers(context);
            await context.Response.WriteAsync(_body, context.RequestAborted);
        });
        await edge.PublishAsync(new Route("app.localhost", RouteKind.App, [app], _shop));
        return new Started(edge, app);
    }

    private sealed record Started(EdgeUnderTest Edge, string Serving) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Edge.DisposeAsync();
    }
}
