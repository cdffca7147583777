using System.Buffers;
using System.Text;

namespace BuildKit.Client.Progress;

/// <summary>Puts a stream of bytes, cut anywhere, together to lines.</summary>
internal sealed class LineBuffer
{
    private const int MaxBytes = 1 << 20;

    private readonly ArrayBufferWriter<byte> _open = new();

    public bool IsEmpty => _open.WrittenCount == 0;

    public IEnumerable<string> Add(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (end >= 0 && IsEmpty && part.Length <= MaxBytes)
            {
                yield return Text(part.Span);
                continue;
            }

            _open.Write(part.Span);
            if (end >= 0 || _open.WrittenCount >= MaxBytes) yield return Take();
        }
    }

    /// <summary>What has no line end yet; null when nothing is left.</summary>
    public string? Rest() => IsEmpty ? null : Take();

    private string Take()
    {
        var text = Text(_open.WrittenSpan);
        _open.ResetWrittenCount();
        return text;
    }

    /// <summary>As a terminal would show it: what follows the last <c>\r</c> stands over what came before.</summary>
    private static string Text(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd((byte)'\r');
        return Encoding.UTF8.GetString(line[(line.LastIndexOf((byte)'\r') + 1)..]);
    }
}
