using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace BuildKit.Client.Transport;

/// <summary>A socket, and what is laid over it; what goes wrong on the way is told as one kind of fault.</summary>
internal static class Dialer
{
    public static async Task<Stream> DialAsync(BuildKitEndpoint endpoint, EndPoint address, Func<Stream, Task<Stream>> prepare, CancellationToken ct)
    {
        var socket = address is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, ct);
            return await prepare(new NetworkStream(socket, ownsSocket: true));
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException)
        {
            socket.Dispose();
            throw new BuildKitConnectionException($"nothing answers as BuildKit at {endpoint}: {e.InnerException?.Message ?? e.Message}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
