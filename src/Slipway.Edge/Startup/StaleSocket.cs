using System.Net.Sockets;

namespace Slipway.Edge.Startup;

/// <summary>A socket file that a killed edge left behind; a live edge's is never taken away.</summary>
internal static class StaleSocket
{
    public static async Task RemoveAsync(string path, CancellationToken ct)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
        }
        catch (SocketException)
        {
            File.Delete(path);
            return;
        }

        throw new EdgeAlreadyRunningException(path);
    }
}
