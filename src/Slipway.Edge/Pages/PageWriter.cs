using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Slipway.Edge.Forwarding;

namespace Slipway.Edge.Pages;

/// <summary>Writes an own page as HTML, or as JSON to clients that ask for it.</summary>
internal static class PageWriter
{
    /// <summary>Headers of this prefix are the edge's word; inbound ones are dropped on both sides.</summary>
    public const string OwnPrefix = "X-Slipway-";

    /// <summary>Present on own pages only, so that a probe can tell them from the app.</summary>
    public const string PageHeader = OwnPrefix + "Page";

    public static async Task WriteAsync(HttpContext context, EdgePage page)
    {
        var response = context.Response;
        var keepClosing = response.Headers.Connection;
        response.Clear();
        response.Headers.Connection = keepClosing;
        response.StatusCode = page.Status;
        response.Headers[PageHeader] = page.Kind;
        response.Headers[RequestId.Header] = context.TraceIdentifier;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = HeaderNames.Accept;
        response.Headers.XContentTypeOptions = "nosniff";
        if (page.Challenge is { } challenge) response.Headers.WWWAuthenticate = challenge;
        if (page.RetryAfter is { } after)
        {
            response.Headers.RetryAfter = ((int)after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var body = WantsJson(context.Request) ? Json(context, page) : Html(context, page);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    /// <summary>Unless told otherwise for good, and with the same method and body.</summary>
    public static void Redirect(HttpContext context, string location, int status = StatusCodes.Status308PermanentRedirect)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        context.Response.Headers[PageHeader] = "redirect";
        context.Response.Headers[RequestId.Header] = context.TraceIdentifier;
        context.Response.ContentLength = 0;
    }

    private static byte[] Html(HttpContext context, EdgePage page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = page.AsksFor is null ? PageHtml.ContentSecurityPolicy : PageHtml.FormPolicy;
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Encoding.UTF8.GetBytes(PageHtml.Render(page, context.TraceIdentifier));
    }

    private static byte[] Json(HttpContext context, EdgePage page)
    {
        context.Response.ContentType = "application/problem+json";
        return JsonSerializer.SerializeToUtf8Bytes(
            new EdgeProblem("about:blank", page.Title, page.Status, page.Text, $"edge.{page.Kind}", page.Deployment, page.DetailsUrl, context.TraceIdentifier),
            EdgeJson.Default.EdgeProblem);
    }

    private static bool WantsJson(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Contains("json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }
}
