using System.Buffers;
using System.Threading.Channels;
using BuildKit.Client.Files;
using BuildKit.Client.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace BuildKit.Client.Session;

/// <summary>
/// fsutil's sender (PROTOCOL.md §5):
/// <code>
/// we: STAT* STAT(end)        daemon: REQ(id)* …  FIN
/// we: DATA(id)* DATA(id, "")                    ◀── FIN back, end of call
/// </code>
/// </summary>
internal sealed class FolderSender(IContextSource folder, ContextWalk walk)
{
    private const int ChunkBytes = 32 * 1024;
    private const int QueuedPackets = 64;

    private readonly List<ContextEntry> _sent = [];

    public async Task SendAsync(IAsyncStreamReader<Packet> requests, IServerStreamWriter<Packet> responses, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var outgoing = Channel.CreateBounded<Packet>(QueuedPackets);
        var wanted = Channel.CreateUnbounded<uint>();
        var pump = PumpAsync(outgoing.Reader, responses, stop.Token);
        var stats = SendStatsAsync(outgoing.Writer, stop.Token);
        var files = SendFilesAsync(wanted.Reader, outgoing.Writer, stop.Token);
        var reading = ReadAsync(requests, wanted.Writer, stop.Token);
        try
        {
            // The first that fails ends all: the daemon waits for our walk without a limit, and we for its FIN.
            await foreach (var done in Task.WhenEach(reading, stats, files).WithCancellation(stop.Token)) await done;
            await outgoing.Writer.WriteAsync(new Packet { Type = Packet.Types.PacketType.PacketFin }, stop.Token);
            outgoing.Writer.Complete();
            await pump;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !ct.IsCancellationRequested)
        {
            // Told as a packet, our words come out as the build's error; a failed call would only be "transport is closing" or the like.
            await outgoing.Writer.WriteAsync(new Packet { Type = Packet.Types.PacketType.PacketErr, Data = ByteString.CopyFromUtf8(e.Message) }, stop.Token);
            outgoing.Writer.Complete();
            await pump;
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private static async Task ReadAsync(IAsyncStreamReader<Packet> requests, ChannelWriter<uint> wanted, CancellationToken ct)
    {
        while (await requests.MoveNext(ct))
        {
            var packet = requests.Current;
            if (packet.Type == Packet.Types.PacketType.PacketReq) wanted.TryWrite(packet.Id);
            if (packet.Type == Packet.Types.PacketType.PacketErr) throw new RpcException(new Status(StatusCode.Aborted, packet.Data.ToStringUtf8()));
            if (packet.Type == Packet.Types.PacketType.PacketFin) break;
        }

        wanted.Complete();
    }

    private async Task SendStatsAsync(ChannelWriter<Packet> outgoing, CancellationToken ct)
    {
        foreach (var entry in walk.Entries())
        {
            lock (_sent) _sent.Add(entry);
            // uid and gid 0 always, as the docker CLI does.
            var stat = new Stat { Path = entry.Path, Mode = entry.Mode, Size = entry.Size, ModTime = entry.ModifiedNanoseconds, Linkname = entry.LinkTarget };
            await outgoing.WriteAsync(new Packet { Type = Packet.Types.PacketType.PacketStat, Stat = stat }, ct);
        }

        await outgoing.WriteAsync(new Packet { Type = Packet.Types.PacketType.PacketStat }, ct);
    }

    private async Task SendFilesAsync(ChannelReader<uint> wanted, ChannelWriter<Packet> outgoing, CancellationToken ct)
    {
        await foreach (var id in wanted.ReadAllAsync(ct))
        {
            ContextEntry? entry;
            lock (_sent) entry = id < _sent.Count ? _sent[(int)id] : null;
            if (entry is { IsFile: true }) await SendFileAsync(id, entry, outgoing, ct);
            await outgoing.WriteAsync(new Packet { Type = Packet.Types.PacketType.PacketData, Id = id }, ct);
        }
    }

    /// <summary>
    /// Other clients send a file that cannot be read as an empty one, and a torn one as it comes, and the image has it so.
    /// Here both end the build.
    /// </summary>
    private async Task SendFileAsync(uint id, ContextEntry entry, ChannelWriter<Packet> outgoing, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            await using var file = folder.Open(entry.Path);
            long sent = 0;
            int read;
            // Not ReadAsync, which for a file is this plus a change of threads: for small files most of the time.
            while ((read = file.Read(buffer, 0, ChunkBytes)) > 0 && (sent += read) <= entry.Size)
            {
                await outgoing.WriteAsync(new Packet { Type = Packet.Types.PacketType.PacketData, Id = id, Data = ByteString.CopyFrom(buffer.AsSpan(0, read)) }, ct);
            }

            if (sent != entry.Size || folder.Find(entry.Path) != entry) throw new IOException("it changed while it was sent");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the file {entry.Path} of the context cannot be sent: {e.Message}", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The one writer; flushes only when nothing more is waiting.</summary>
    private static async Task PumpAsync(ChannelReader<Packet> outgoing, IServerStreamWriter<Packet> responses, CancellationToken ct)
    {
        while (await outgoing.WaitToReadAsync(ct))
        {
            while (outgoing.TryRead(out var packet))
            {
                responses.WriteOptions = outgoing.TryPeek(out _) ? new WriteOptions(WriteFlags.BufferHint) : null;
                await responses.WriteAsync(packet, ct);
            }
        }
    }
}
