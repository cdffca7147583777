using System.Net.Sockets;
using System.Text;
using Slipway.Host.Cgroups;

namespace Slipway.Host.Companion;

/// <summary>
/// The small part that needs root beside the edge, so that a frozen app wakes with the control plane down. It holds no secrets and opens
/// no network; its socket lies in the home's private folder.
/// <code>
///   thaw docker/3f…64 digits…\n   →   ok\n     it runs
///                                     gone\n   there is no such cgroup, or it may not be written to
///                                     no\n     that is no container's cgroup, no verb, or not for this user
/// </code>
/// A control plane that may not write cgroups itself (its user is named at the start) may also ask:
/// <code>
///   find 3f…64 digits…\n          →   at docker/3f…\n, gone\n
///   frozen docker/3f…\n           →   yes\n, not\n
///   freeze docker/3f…\n           →   ok\n, gone\n
/// </code>
/// </summary>
public sealed class CompanionServer : IDisposable
{
    private const UnixFileMode Group = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const int LongestLine = 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly CgroupFreezer _freezer = new(CgroupTree.OfHost, TimeProvider.System);
    private readonly Socket _listener;
    private readonly string _path;
    private readonly int? _controlPlane;

    private CompanionServer(Socket listener, string path, int? controlPlane) => (_listener, _path, _controlPlane) = (listener, path, controlPlane);

    /// <summary>Whether this process could thaw anything at all.</summary>
    public static bool IsOfUse => Environment.IsPrivilegedProcess;

    /// <summary>Takes the socket over from one that was killed; who calls it sees to it that there is no other.</summary>
    /// <param name="controlPlane">The user who may freeze, too; null: nobody by this way.</param>
    public static CompanionServer Listen(string path, int? controlPlane = null)
    {
        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        // The edge may run as another user: who may look into the folder may ask; in a shared one its group.
        File.SetUnixFileMode(path, Group | (controlPlane is null ? UnixFileMode.OtherRead | UnixFileMode.OtherWrite : UnixFileMode.None));
        listener.Listen(64);
        return new(listener, path, controlPlane);
    }

    public async Task ServeAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptAsync(ct);
                _ = AnswerAsync(client, ct);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // One that went before it was accepted.
            }
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_path);
    }

    private async Task AnswerAsync(Socket client, CancellationToken ct)
    {
        using var owned = client;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var buffer = new byte[LongestLine];
        var length = 0;
        var isControlPlane = _controlPlane is { } user && SocketPeer.UserOf(client) == user;
        try
        {
            while (true)
            {
                timer.CancelAfter(Patience);
                var read = await client.ReceiveAsync(buffer.AsMemory(length), timer.Token);
                if (read == 0) return;
                length += read;
                for (int end; (end = buffer.AsSpan(0, length).IndexOf((byte)'\n')) >= 0;)
                {
                    var answer = await AnswerAsync(Encoding.ASCII.GetString(buffer, 0, end), isControlPlane, timer.Token);
                    buffer.AsSpan(end + 1, length - end - 1).CopyTo(buffer);
                    length -= end + 1;
                    await client.SendAsync(Encoding.ASCII.GetBytes(answer), timer.Token);
                }

                if (length == buffer.Length) return;
            }
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException)
        {
            // The client went, or said nothing for a long time: it connects again when it has something to say.
        }
    }

    private async Task<string> AnswerAsync(string line, bool isControlPlane, CancellationToken ct) => line.Split(' ', 2) switch
    {
        ["thaw", var group] when GroupPath.IsContainer(group) => _freezer.Thaw(group) ? "ok\n" : "gone\n",
        ["find", var id] when isControlPlane => _freezer.Find(id) is { } group ? $"at {group}\n" : "gone\n",
        ["frozen", var group] when isControlPlane && GroupPath.IsContainer(group) => _freezer.IsFrozen(group) ? "yes\n" : "not\n",
        ["freeze", var group] when isControlPlane && GroupPath.IsContainer(group) => await _freezer.FreezeAsync(group, ct) ? "ok\n" : "gone\n",
        _ => "no\n",
    };
}
