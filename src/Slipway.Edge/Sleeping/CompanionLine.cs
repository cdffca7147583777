using System.Net.Sockets;
using System.Text;

namespace Slipway.Edge.Sleeping;

/// <summary>The one thing that the edge may ask of another process: <c>thaw</c>. Where no companion runs, the answer is no, at once.</summary>
internal sealed class CompanionLine(EdgeOptions options, TimeProvider time)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);
    private static readonly byte[] _ok = [.. "ok\n"u8];

    public async Task<bool> ThawAsync(string group)
    {
        if (options.CompanionSocket.Length == 0 || !File.Exists(options.CompanionSocket)) return false;

        // Of its own: a client that goes away must not take the thaw from the others.
        using var limit = new CancellationTokenSource(_patience, time);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(options.CompanionSocket), limit.Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"thaw {group}\n"), limit.Token);
            var answer = new byte[16];
            var read = await socket.ReceiveAsync(answer, limit.Token);
            return answer.AsSpan(0, read).SequenceEqual(_ok);
        }
        catch (Exception away) when (away is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
