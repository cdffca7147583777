using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Slipway.Edge.Forwarding;

/// <summary>
/// A request that never arrived, for nobody took the connection, may be sent as often as one likes. Another may be sent a second time only if the first cannot have had an effect that a second would double:
/// idempotent by HTTP, without a body, and the connection was refused or reset before any answer.
/// </summary>
internal static class RetryRule
{
    public static bool Allows(HttpContext context, ForwarderError error) =>
        error == ForwarderError.Request &&
        !context.Response.HasStarted &&
        !context.RequestAborted.IsCancellationRequested &&
        IsIdempotent(context.Request.Method) &&
        context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false } &&
        IsLostConnection(context.Features.Get<IForwarderErrorFeature>()?.Exception);

    /// <summary>No connection came about, so not a byte of the request, nor of its body, has left.</summary>
    public static bool NeverArrived(HttpContext context, ForwarderError error) =>
        error == ForwarderError.Request &&
        !context.Response.HasStarted &&
        !context.RequestAborted.IsCancellationRequested &&
        context.Features.Get<IForwarderErrorFeature>()?.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    private static bool IsIdempotent(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) ||
        HttpMethods.IsPut(method) || HttpMethods.IsDelete(method);

    private static bool IsLostConnection(Exception? error) => error switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded } => true,
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionRefused or SocketError.Shutdown } } => true,
        { InnerException: { } inner } => IsLostConnection(inner),
        _ => false,
    };
}
