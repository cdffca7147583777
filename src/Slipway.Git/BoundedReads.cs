namespace Slipway.Git;

/// <summary>
/// What a <see cref="System.Formats.Tar.TarReader"/> reads from. It refuses reads that ask for very much at once. The reader takes an extended header whole, as long as
/// it says it is: two compressed megabytes would become two gigabytes of memory. Contents are copied in small pieces and never refused.
/// And it refuses to end: a tar says itself where it ends, and one that was cut off between two entries would else pass for whole.
/// </summary>
internal sealed class BoundedReads(Stream inner) : Stream
{
    private const int MaxRead = 1 << 20;

    /// <summary>What may follow the tar's end: padding, but not without end.</summary>
    private const int MaxPadding = 1 << 20;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public async Task DrainAsync(CancellationToken ct)
    {
        var buffer = new byte[16 * 1024];
        var total = 0;
        for (var read = await inner.ReadAsync(buffer, ct); read > 0; read = await inner.ReadAsync(buffer, ct))
        {
            if ((total += read) > MaxPadding) throw new InvalidDataException("it goes on after its end");
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Some(inner.Read(buffer, offset, Checked(count)), count);

    public override int Read(Span<byte> buffer) => Some(inner.Read(buffer[..Checked(buffer.Length)]), buffer.Length);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Some(await inner.ReadAsync(buffer[..Checked(buffer.Length)], cancellationToken), buffer.Length);

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static int Some(int read, int wanted) => read > 0 || wanted == 0 ? read : throw new EndOfStreamException("it stops before its end");

    private static int Checked(int count) => count <= MaxRead ? count : throw new InvalidDataException("a header in it is larger than 1 MiB");
}
