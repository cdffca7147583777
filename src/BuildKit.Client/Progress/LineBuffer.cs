using System.Text;

namespace BuildKit.Client.Progress;

/// <summary>Puts a stream of bytes, cut anywhere, together to lines. Invalid UTF-8 becomes U+FFFD.</summary>
internal sealed class LineBuffer
{
    /// <summary>A line without end is given out in pieces of this size.</summary>
    private const int MaxBytes = 1 << 20;

    private readonly List<byte> _bytes = [];

    public IEnumerable<string> Add(ReadOnlySpan<byte> bytes)
    {
        var lines = new List<string>();
        foreach (var b in bytes)
        {
            if (b == '\n') lines.Add(Take());
            else _bytes.Add(b);
            if (_bytes.Count >= MaxBytes) lines.Add(Take());
        }

        return lines;
    }

    /// <summary>What has no line end yet; null when nothing is left.</summary>
    public string? Rest() => _bytes.Count == 0 ? null : Take();

    private string Take()
    {
        var text = Encoding.UTF8.GetString([.. _bytes]).TrimEnd('\r');
        _bytes.Clear();
        return text.LastIndexOf('\r') is >= 0 and var at ? text[(at + 1)..] : text;
    }
}
