using Slipway.StaticSite;

namespace StaticSite.Tests;

public sealed class RulesTests
{
    [Theory]
    [InlineData("/index.html", "text/html; charset=utf-8")]
    [InlineData("/app.js", "text/javascript; charset=utf-8")]
    [InlineData("/app.mjs", "text/javascript; charset=utf-8")]
    [InlineData("/site.css", "text/css; charset=utf-8")]
    [InlineData("/app.wasm", "application/wasm")]
    [InlineData("/a.avif", "image/avif")]
    [InlineData("/a.svg", "image/svg+xml; charset=utf-8")]
    [InlineData("/a.png", "image/png")]
    [InlineData("/site.webmanifest", "application/manifest+json; charset=utf-8")]
    [InlineData("/data.json", "application/json; charset=utf-8")]
    [InlineData("/font.woff2", "font/woff2")]
    [InlineData("/app.js.br", "application/octet-stream")]
    [InlineData("/.well-known/apple-app-site-association", "application/json; charset=utf-8")]
    [InlineData("/LICENSE", "application/octet-stream")]
    public void A_file_has_the_type_that_browsers_expect(string path, string type) => Assert.Equal(type, ContentTypes.Of(path));

    [Theory]
    [InlineData("/_next/static/chunks/main.js")]
    [InlineData("/assets/index-DOIXgOIP.js")]
    [InlineData("/assets/index-J62NZpme.css")]
    [InlineData("/assets/a-b-Ab_d-f1x.js")]
    [InlineData("/static/js/main.3f2a9c1d.js")]
    [InlineData("/static/js/main.3f2a9c1d.chunk.js")]
    [InlineData("/_app/immutable/start.js")]
    public void A_hashed_name_is_kept_for_ever(string path) => Assert.Equal(CacheRules.Immutable, CacheRules.For(path));

    [Theory]
    [InlineData("/index.html")]
    [InlineData("/_next/static/page.html")]
    [InlineData("/index-DOIXgOIP.js")]
    [InlineData("/assets/logo.svg")]
    [InlineData("/assets/photo-20240101.jpg")]
    [InlineData("/assets/date-timepick.js")]
    [InlineData("/assets/my-component.js")]
    [InlineData("/sw.js")]
    public void Any_other_name_is_asked_for_again(string path) => Assert.Equal(CacheRules.Revalidate, CacheRules.For(path));

    [Fact]
    public void Options_come_from_argument_and_environment()
    {
        Assert.Equal(new("/site", 3000, false), StaticSiteOptions.Read([], _ => null));
        Assert.Equal(new("/srv", 8080, true), StaticSiteOptions.Read([], Named));
        Assert.Equal("/other", StaticSiteOptions.Read(["/other"], Named)?.Root);
        Assert.Null(StaticSiteOptions.Read([], _ => "http"));

        static string? Named(string name) => name switch { "SLIPWAY_SITE" => "/srv", "PORT" => "8080", "SLIPWAY_SPA" => "1", _ => null };
    }
}
