using System.Net;

namespace Slipway.Edge.Forwarding;

/// <summary>The connections to all apps: nothing of the host's own settings (proxy, cookies, redirects) may leak into them.</summary>
internal static class AppClient
{
    public static HttpMessageInvoker Create(EdgeOptions options) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionIdleTimeout = options.IdleConnectionTimeout,
        EnableMultipleHttp2Connections = true,
    });
}
