using System.Net.Sockets;
using Slipway.Host;

namespace Slipway.Server.Hosting.Starting;

/// <summary>Whether this user may open a socket. One that is not there or that nobody listens at is no refusal: it may come later.</summary>
internal static class SocketCheck
{
    /// <returns>What is wrong and what to do, in one line; null when nothing forbids it.</returns>
    public static async Task<string?> LookAsync(string what, string path, CancellationToken ct)
    {
        if (!Path.IsPathRooted(path)) return null;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
            return null;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.AccessDenied)
        {
            return Tell(what, path, FileOwner.Of(path), ProcessIdentity.Read());
        }
        catch (SocketException)
        {
            return null;
        }
    }

    internal static string Tell(string what, string path, FileOwner? owner, ProcessIdentity self)
    {
        var whose = $"{what} at {path} may not be opened by {self}";
        if (owner is not { } o) return $"{whose}: a folder above it is closed to this user; give it a group of this user's";
        var mode = Convert.ToString(o.Mode, 8);
        var facts = $"{whose}: it is of user {o.User}, group {o.Group}, mode 0{mode}";
        var groupMayWrite = (o.Mode & (int)UnixFileMode.GroupWrite) != 0;
        return groupMayWrite
            ? $"{facts}; give this process that group: in compose group_add: [\"{o.Group}\"], else sudo usermod -aG \"$(getent group {o.Group} | cut -d: -f1)\" USER and start again"
            : $"{facts}; only its owner may: run this process as user {o.User}";
    }
}
