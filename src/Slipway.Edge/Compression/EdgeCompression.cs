using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Slipway.Edge.Compression;

/// <summary>
/// Which answers ASP.NET Core's response compression may take on: whole ones of types that gain by it, that nobody has encoded and whose app did not forbid it.
/// Event streams are none of these types; of other answers without a length each piece goes out as it comes.
/// </summary>
internal sealed class EdgeCompression(IServiceProvider services, IOptions<ResponseCompressionOptions> options) : ResponseCompressionProvider(services, options)
{
    /// <summary>Less does not get smaller by enough.</summary>
    public const int LeastLength = 1024;

    public static readonly string[] Types =
    [
        "text/html", "text/css", "text/plain", "text/javascript", "text/xml", "text/markdown", "text/csv", "text/x-component", "application/javascript", "application/json", "application/ld+json",
        "application/manifest+json", "application/problem+json", "application/xml", "application/xhtml+xml", "application/rss+xml", "application/atom+xml", "application/wasm", "application/vnd.ms-fontobject",
        "image/svg+xml", "image/x-icon", "image/vnd.microsoft.icon", "image/bmp", "font/ttf", "font/otf",
    ];

    public static void Add(IServiceCollection services)
    {
        services.AddResponseCompression(o =>
        {
            o.EnableForHttps = true;
            o.MimeTypes = Types;
            o.Providers.Add<BrotliCompressionProvider>();
            o.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
        services.AddSingleton<IResponseCompressionProvider, EdgeCompression>();
    }

    public override bool ShouldCompressResponse(HttpContext context)
    {
        var response = context.Response;
        var should = response is { StatusCode: not (StatusCodes.Status206PartialContent or StatusCodes.Status304NotModified or StatusCodes.Status204NoContent), ContentLength: null or >= LeastLength }
            && !HttpMethods.IsHead(context.Request.Method)
            && !response.Headers.CacheControl.ToString().Contains("no-transform", StringComparison.OrdinalIgnoreCase)
            && base.ShouldCompressResponse(context);
        // Asked with the headers of the answer at hand; which encoding it will be was asked before there were any.
        if (should && GetCompressionProvider(context) is not null) Weaken(response.Headers);
        return should;
    }

    /// <summary>The same content, no more the same bytes.</summary>
    public static void Weaken(IHeaderDictionary headers)
    {
        if (headers.ETag is [{ } tag] && tag.StartsWith('"')) headers.ETag = $"W/{tag}";
        headers.Remove(HeaderNames.AcceptRanges);
    }
}
