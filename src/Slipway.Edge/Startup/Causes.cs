using System.Net.Sockets;

namespace Slipway.Edge.Startup;

/// <summary>Looks through the wrappers that the server puts around a socket's error.</summary>
internal static class Causes
{
    public static bool IsCausedBy(this Exception error, SocketError code) => error switch
    {
        SocketException socket => socket.SocketErrorCode == code,
        AggregateException many => many.InnerExceptions.Any(e => e.IsCausedBy(code)),
        { InnerException: { } inner } => inner.IsCausedBy(code),
        _ => false,
    };
}
