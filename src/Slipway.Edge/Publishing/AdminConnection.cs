using System.Net.Sockets;

namespace Slipway.Edge.Publishing;

/// <summary>HTTP over the edge's admin socket.</summary>
internal static class AdminConnection
{
    public static HttpClient Create(EdgeRouterOptions options) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        // The edge may have been restarted since: a kept connection would fail the next publish.
        PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = async (_, ct) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(options.AdminSocket), ct);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    {
        BaseAddress = new Uri("http://edge"),
        Timeout = options.AdminTimeout,
    };
}
