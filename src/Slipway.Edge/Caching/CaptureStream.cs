namespace Slipway.Edge.Caching;

/// <summary>Passes an answer's body on and keeps a copy, as far as the cache has room for it.</summary>
internal sealed class CaptureStream(Stream to, AssetCache cache) : Stream
{
    private MemoryStream? _copy = new();
    private long _taken;

    public Stream To => to;

    /// <summary>Null: there was no room for it.</summary>
    public byte[]? Copy => _copy?.ToArray();

    /// <summary>The copy is not wanted any more.</summary>
    public void Drop()
    {
        _copy = null;
        cache.GiveBack(_taken);
        _taken = 0;
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_copy is not null)
        {
            if (_copy.Length + buffer.Length > cache.MaxSize || !cache.TryTake(buffer.Length)) Drop();
            else
            {
                _taken += buffer.Length;
                _copy.Write(buffer.Span);
            }
        }

        await to.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => to.FlushAsync(cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("an answer is never written while a thread waits");

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
