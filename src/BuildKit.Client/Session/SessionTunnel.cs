using BuildKit.Client.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace BuildKit.Client.Session;

/// <summary>
/// A session's connection inside a Control.Session call, for daemons without the hijack (PROTOCOL.md §3): a plain pipe of
/// bytes, cut anywhere, on which we are the HTTP/2 server. About half as fast as a connection of its own.
/// </summary>
internal sealed class SessionTunnel(AsyncDuplexStreamingCall<BytesMessage, BytesMessage> call) : Stream
{
    /// <summary>Well below the 4 MiB that old daemons take.</summary>
    private const int MaxMessage = 256 * 1024;

    private ReadOnlyMemory<byte> _left;

    /// <summary>Opens it; the headers travel as metadata. Only one method may be advertised, since HttpClient joins repeated values (P4).</summary>
    public static SessionTunnel Open(Control.ControlClient control, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var metadata = new Metadata();
        foreach (var (name, value) in headers) metadata.Add(name.ToLowerInvariant(), value);
        return new SessionTunnel(control.Session(metadata));
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            while (_left.IsEmpty)
            {
                if (!await call.ResponseStream.MoveNext(cancellationToken)) return 0;
                _left = call.ResponseStream.Current.Data.Memory;
            }
        }
        catch (RpcException e)
        {
            throw new IOException($"the session's call ended: {e.Status.Detail}", e);
        }

        var count = Math.Min(buffer.Length, _left.Length);
        _left[..count].CopyTo(buffer);
        _left = _left[count..];
        return count;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            for (; !buffer.IsEmpty; buffer = buffer[Math.Min(MaxMessage, buffer.Length)..])
            {
                var part = buffer[..Math.Min(MaxMessage, buffer.Length)];
                await call.RequestStream.WriteAsync(new BytesMessage { Data = ByteString.CopyFrom(part.Span) }, cancellationToken);
            }
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            throw new IOException("the session's call ended", e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) call.Dispose();
        base.Dispose(disposing);
    }
}
