using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Slipway.Edge.Forwarding;

/// <summary>
/// Refuses what an app might read otherwise than we do: request smuggling lives in that difference.
/// Kestrel itself refuses duplicate or malformed Host and Content-Length, folded headers, bare CR or LF,
/// and an absolute-form target whose authority is not the Host.
/// </summary>
internal static class RequestGuard
{
    // Kestrel drops Content-Length beside Transfer-Encoding and leaves it under this name.
    private const string DroppedContentLength = "X-Content-Length";

    public static Refusal? Check(HttpContext context)
    {
        var request = context.Request;
        if ((HttpMethods.IsConnect(request.Method) && !IsWebSocket(context)) || HttpMethods.IsTrace(request.Method))
        {
            return new Refusal(StatusCodes.Status405MethodNotAllowed, $"{request.Method} is not served here.");
        }

        if (request.Headers.TryGetValue(HeaderNames.TransferEncoding, out var coding))
        {
            if (request.ContentLength is not null || request.Headers.ContainsKey(DroppedContentLength))
            {
                return Bad("The request has both Content-Length and Transfer-Encoding.");
            }

            if (HttpProtocol.IsHttp10(request.Protocol) || !string.Equals(coding, "chunked", StringComparison.OrdinalIgnoreCase))
            {
                return Bad("The only transfer coding taken is chunked, in HTTP/1.1.");
            }
        }

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return RawTarget.IsClean(target) ? null : Bad("The request target has characters that must be percent-encoded.");
    }

    /// <summary>HTTP/2 has no upgrade: a web socket is opened by CONNECT with a protocol (RFC 8441).</summary>
    private static bool IsWebSocket(HttpContext context) =>
        context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: { } protocol } && protocol.Equals("websocket", StringComparison.OrdinalIgnoreCase);

    private static Refusal Bad(string reason) => new(StatusCodes.Status400BadRequest, reason);
}
