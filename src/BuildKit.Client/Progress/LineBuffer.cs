using System.Buffers;
using System.Text;

namespace BuildKit.Client.Progress;

/// <summary>
/// Puts a stream of bytes, cut anywhere, together to lines as a terminal would show them in the end: what follows a <c>\r</c> stands
/// over what came before, which is dropped at once. A progress bar of any length is one line and takes the room of one.
/// </summary>
internal sealed class LineBuffer
{
    private const int MaxBytes = 1 << 20;

    private readonly ArrayBufferWriter<byte> _open = new();
    private bool _isReturned;

    public bool IsEmpty => _open.WrittenCount == 0;

    public IEnumerable<string> Add(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            Write(end < 0 ? bytes.Span : bytes.Span[..end]);
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (end >= 0 || _open.WrittenCount >= MaxBytes) yield return Take();
        }
    }

    /// <summary>What has no line end yet; null when nothing is left.</summary>
    public string? Rest() => IsEmpty ? null : Take();

    private void Write(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty) return;
        var shown = part.TrimEnd((byte)'\r');
        var isReturned = shown.Length < part.Length;
        var last = shown.LastIndexOf((byte)'\r');
        // A return at the very end only counts once something follows it: with a line end it is one.
        if (!shown.IsEmpty && (_isReturned || last >= 0)) _open.ResetWrittenCount();
        _isReturned = isReturned || (shown.IsEmpty && _isReturned);
        _open.Write(shown[(last + 1)..]);
    }

    private string Take()
    {
        var text = Encoding.UTF8.GetString(_open.WrittenSpan);
        _open.ResetWrittenCount();
        _isReturned = false;
        return text;
    }
}
