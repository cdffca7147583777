using System.Net.Sockets;

namespace Slipway.Host.Companion;

/// <summary>Who is at the other end of a Unix socket, as the kernel says.</summary>
internal static class SocketPeer
{
    private const int SocketLevel = 1;
    private const int Credentials = 17;

    /// <summary>The number of its user on this host.</summary>
    public static int UserOf(Socket socket)
    {
        // struct ucred: pid, uid, gid.
        Span<byte> credentials = stackalloc byte[12];
        return socket.GetRawSocketOption(SocketLevel, Credentials, credentials) >= 8 ? BitConverter.ToInt32(credentials[4..8]) : -1;
    }
}
