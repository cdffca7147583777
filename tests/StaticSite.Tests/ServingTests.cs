using System.Net;

namespace StaticSite.Tests;

public sealed class ServingTests
{
    [Fact]
    public async Task A_page_is_sent_with_its_type_and_revalidated()
    {
        await using var site = await RunningSite.StartAsync(new TemporaryFolder("index.html"));

        using var first = await site.GetAsync("/");
        Assert.Equal("content of index.html", await first.Content.ReadAsStringAsync());
        Assert.Equal("text/html; charset=utf-8", first.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-cache", first.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", Assert.Single(first.Headers.GetValues("X-Content-Type-Options")));
        Assert.NotNull(first.Content.Headers.LastModified);

        using var same = await site.GetAsync("/", ("If-None-Match", $"{first.Headers.ETag}"));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        using var since = await site.GetAsync("/", ("If-Modified-Since", $"{first.Content.Headers.LastModified:R}"));
        Assert.Equal(HttpStatusCode.NotModified, since.StatusCode);
        using var other = await site.GetAsync("/", ("If-None-Match", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Contents_of_equal_length_and_time_have_different_tags()
    {
        var folder = new TemporaryFolder().Write("a.txt", "one").Write("b.txt", "two");
        foreach (var name in new[] { "a.txt", "b.txt" })
            File.SetLastWriteTimeUtc(Path.Combine(folder.Root, name), DateTime.UnixEpoch);
        await using var site = await RunningSite.StartAsync(folder);

        using var a = await site.GetAsync("/a.txt");
        using var b = await site.GetAsync("/b.txt");
        Assert.NotEqual(a.Headers.ETag, b.Headers.ETag);
    }

    [Theory]
    [InlineData("br, gzip", "br", "brotli")]
    [InlineData("gzip, deflate", "gzip", "zipped")]
    [InlineData("br;q=0, gzip", "gzip", "zipped")]
    [InlineData("*", "br", "brotli")]
    [InlineData("identity", null, "plain")]
    [InlineData(null, null, "plain")]
    public async Task A_compressed_sibling_is_sent_to_who_accepts_it(string? accepts, string? encoding, string content)
    {
        var folder = new TemporaryFolder().Write("app.js", "plain").Write("app.js.br", "brotli").Write("app.js.gz", "zipped");
        await using var site = await RunningSite.StartAsync(folder);

        using var response = accepts is null ? await site.GetAsync("/app.js") : await site.GetAsync("/app.js", ("Accept-Encoding", accepts));

        Assert.Equal(content, await response.Content.ReadAsStringAsync());
        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("text/javascript; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("Accept-Encoding", response.Headers.Vary.Single());
    }

    [Fact]
    public async Task A_range_gets_its_part_and_a_wrong_one_is_refused()
    {
        await using var site = await RunningSite.StartAsync(new TemporaryFolder().Write("film.mp4", "0123456789"));

        using var part = await site.GetAsync("/film.mp4", ("Range", "bytes=2-4"));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("234", await part.Content.ReadAsStringAsync());
        Assert.Equal("bytes 2-4/10", part.Content.Headers.ContentRange?.ToString());

        using var outside = await site.GetAsync("/film.mp4", ("Range", "bytes=20-30"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, outside.StatusCode);
    }

    [Fact]
    public async Task Head_says_what_get_would_without_the_body()
    {
        await using var site = await RunningSite.StartAsync(new TemporaryFolder("index.html"));
        using var request = new HttpRequestMessage(HttpMethod.Head, "/");
        using var response = await site.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("content of index.html".Length, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Other_methods_are_not_allowed(string method)
    {
        await using var site = await RunningSite.StartAsync(new TemporaryFolder("index.html"));
        using var request = new HttpRequestMessage(new(method), "/");
        using var response = await site.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_missing_page_gets_the_sites_own_404_whatever_the_conditions()
    {
        await using var site = await RunningSite.StartAsync(new TemporaryFolder("404.html"));

        using var response = await site.GetAsync(
            "/nowhere", ("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"), ("If-None-Match", "*"), ("Range", "bytes=0-1"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("content of 404.html", await response.Content.ReadAsStringAsync());
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task A_site_without_a_404_page_says_it_plainly()
    {
        await using var site = await RunningSite.StartAsync(new TemporaryFolder("index.html"));
        using var response = await site.GetAsync("/nowhere");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
    }

    [Theory]
    [InlineData("/docs?a=1&b=%C3%BC", "/docs/?a=1&b=%C3%BC")]
    [InlineData("/%C3%BC", "/%C3%BC/")]
    public async Task A_folder_is_sent_on_with_its_query(string path, string location)
    {
        await using var site = await RunningSite.StartAsync(new TemporaryFolder("docs/index.html", "ü/index.html"));
        using var response = await site.GetAsync(path);

        Assert.Equal(HttpStatusCode.PermanentRedirect, response.StatusCode);
        Assert.Equal(location, Assert.Single(response.Headers.GetValues("Location")));
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml", "navigate", true)]
    [InlineData("*/*", null, true)]
    [InlineData(null, null, true)]
    [InlineData("*/*", "cors", false)]
    [InlineData("application/json", null, false)]
    public async Task An_app_answers_its_own_pages_but_no_script(string? accept, string? mode, bool answers)
    {
        await using var site = await RunningSite.StartAsync(new TemporaryFolder("index.html"), isSpa: true);
        var headers = new[] { ("Accept", accept), ("Sec-Fetch-Mode", mode) };
        using var response = await site.GetAsync("/boats/petrel", [.. from header in headers where header.Item2 is not null select (header.Item1, header.Item2)]);

        Assert.Equal(answers ? HttpStatusCode.OK : HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("/..%2f..%2fetc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/.%65nv")]
    [InlineData("/index.html%00.txt")]
    public async Task No_spelling_leads_out_of_the_root(string path)
    {
        await using var site = await RunningSite.StartAsync(new TemporaryFolder("index.html", ".env"));
        using var response = await site.GetAsync(path);

        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.NotFound, HttpStatusCode.BadRequest });
    }

    [Fact]
    public async Task The_edge_can_ask_for_what_is_there_and_nothing_in_its_place()
    {
        await using var site = await RunningSite.StartAsync(new TemporaryFolder("index.html", "200.html"));

        using var page = await site.GetAsync("/nowhere", ("Accept", "text/html"));
        using var exact = await site.GetAsync("/nowhere", ("Accept", "text/html"), ("X-Slipway-Files", "exact, loose"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (page.StatusCode, exact.StatusCode));
    }
}
