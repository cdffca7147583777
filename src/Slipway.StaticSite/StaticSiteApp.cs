using System.Diagnostics;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Slipway.StaticSite;

/// <summary>The server: ASP.NET Core's file results send (ranges, conditions, HEAD), the index says what.</summary>
internal static class StaticSiteApp
{
    /// <summary>The edge's word, which it lets nobody else send.</summary>
    private const string FilesHeader = "X-Slipway-Files";

    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(10);

    public static WebApplication Create(Site site, StaticSiteOptions options)
    {
        // Empty: the others watch settings files that are not there, by an inotify instance each, and all apps of a machine share the 128 of one user.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = DrainTimeout);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port);
        });

        var app = builder.Build();
        app.Run(context => AnswerAsync(context, site, options.IsSpa));
        return app;
    }

    private static Task AnswerAsync(HttpContext context, Site site, bool isSpa)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return Task.CompletedTask;
        }

        var how = context.Request.Headers[FilesHeader];
        var wantsPage = !Mentions(how, "exact") && WantsPage(context.Request);
        return Answer.For(site, context.Request.Path.Value ?? "/", isSpa, wantsPage, Mentions(how, "loose")) switch
        {
            Answer.Found(var file) => SendAsync(context, file),
            Answer.Redirect(var path) => RedirectAsync(context, path),
            Answer.NotFound(var page) => NotFoundAsync(context, page),
            _ => throw new UnreachableException(),
        };
    }

    private static async Task SendAsync(HttpContext context, SiteFile file)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = CacheRules.For(file.Path);
        var (sent, encoding) = Encoded(context, file);
        if (encoding is not null) headers.ContentEncoding = encoding;

        var result = TypedResults.PhysicalFile(
            sent.FullPath, ContentTypes.Of(file.Path), lastModified: sent.Modified,
            entityTag: await sent.TagAsync(context.RequestAborted), enableRangeProcessing: true);
        await result.ExecuteAsync(context);
    }

    private static Task RedirectAsync(HttpContext context, string path)
    {
        context.Response.Headers.CacheControl = CacheRules.Revalidate;
        context.Response.Headers.Location = new PathString(path).ToUriComponent() + context.Request.QueryString.ToUriComponent();
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        return Task.CompletedTask;
    }

    private static Task NotFoundAsync(HttpContext context, SiteFile? page)
    {
        context.Response.Headers.CacheControl = CacheRules.Revalidate;
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        if (page is null)
            return TypedResults.Text("Not found\n", statusCode: StatusCodes.Status404NotFound).ExecuteAsync(context);

        // Neither a condition nor a range can apply to what is not there: the file result gets no tag and no ranges.
        var (sent, encoding) = Encoded(context, page);
        if (encoding is not null) context.Response.Headers.ContentEncoding = encoding;
        return TypedResults.PhysicalFile(sent.FullPath, ContentTypes.Of(page.Path)).ExecuteAsync(context);
    }

    private static (SiteFile Sent, string? Encoding) Encoded(HttpContext context, SiteFile file)
    {
        if (file.Brotli is null && file.Gzip is null) return (file, null);

        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        var accepted = context.Request.GetTypedHeaders().AcceptEncoding;
        if (file.Brotli is { } brotli && Accepts(accepted, "br")) return (brotli, "br");
        return file.Gzip is { } gzip && Accepts(accepted, "gzip") ? (gzip, "gzip") : (file, null);
    }

    private static bool Accepts(IList<StringWithQualityHeaderValue> accepted, string encoding)
    {
        var said = accepted.FirstOrDefault(a => a.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase))
            ?? accepted.FirstOrDefault(a => a.Value == "*");
        return said is not null && said.Quality is null or > 0;
    }

    /// <summary>A browser that navigates says text/html; a script's fetch says */* and which mode it is in; curl says */* alone.</summary>
    private static bool WantsPage(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (Mentions(accept, "text/html")) return true;

        var isAnything = StringValues.IsNullOrEmpty(accept) || Mentions(accept, "*/*");
        return isAnything && (request.Headers["Sec-Fetch-Mode"].ToString() is "" or "navigate");
    }

    private static bool Mentions(StringValues header, string type) =>
        header.Any(value => value is not null && value.Contains(type, StringComparison.OrdinalIgnoreCase));
}
