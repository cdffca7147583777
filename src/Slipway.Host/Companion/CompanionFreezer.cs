using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Slipway.Core.Hosting;

namespace Slipway.Host.Companion;

/// <summary>
/// The cgroups of containers by the companion, for a control plane that may not write them itself. While it is away for a moment, what it
/// said last of a container goes on to be believed: one that is frozen must not pass for one that runs.
/// </summary>
internal sealed class CompanionFreezer(string path) : IFreezer
{
    private const int Patience = 3_000;
    private readonly ConcurrentDictionary<string, string> _groups = new();
    private readonly ConcurrentDictionary<string, bool> _frozen = new();

    public string? Find(long process, string container)
    {
        if (process <= 0) return null;
        var answer = Ask($"find {container}");
        if (answer is null) return _groups.GetValueOrDefault(container);
        if (!answer.StartsWith("at ", StringComparison.Ordinal))
        {
            if (_groups.TryRemove(container, out var gone)) _frozen.TryRemove(gone, out _);
            return null;
        }

        return _groups[container] = answer["at ".Length..];
    }

    public bool IsFrozen(string group) => Ask($"frozen {group}") is { } answer ? _frozen[group] = answer == "yes" : _frozen.GetValueOrDefault(group);

    public Task<bool> FreezeAsync(string group, CancellationToken ct) => Task.Run(() => Ask($"freeze {group}") == "ok" && (_frozen[group] = true), ct);

    public bool Thaw(string group)
    {
        if (Ask($"thaw {group}") != "ok") return false;
        _frozen.TryRemove(group, out _);
        return true;
    }

    /// <summary>Null: it is away.</summary>
    private string? Ask(string line)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { SendTimeout = Patience, ReceiveTimeout = Patience };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.Send(Encoding.ASCII.GetBytes(line + "\n"));
            var (buffer, length) = (new byte[1024], 0);
            while (length < buffer.Length && socket.Receive(buffer.AsSpan(length)) is > 0 and var read)
            {
                length += read;
                if (buffer[length - 1] == (byte)'\n') return Encoding.ASCII.GetString(buffer, 0, length - 1);
            }

            return null;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
