using System.Text;

namespace Slipway.Docker.Running;

/// <summary>Bytes of one output stream → lines. A line without end is cut, not kept.</summary>
/// <param name="longest">Bytes of a line that are kept.</param>
internal sealed class LineAssembler(Action<string> line, int longest = LineAssembler.LongestLine)
{
    public const int LongestLine = 16 << 10;

    private readonly List<byte> _pending = [];

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            Keep(bytes[..end]);
            Emit();
            bytes = bytes[(end + 1)..];
        }

        Keep(bytes);
    }

    public void Complete()
    {
        if (_pending.Count > 0) Emit();
    }

    private void Keep(ReadOnlySpan<byte> bytes) => _pending.AddRange(bytes[..Math.Min(bytes.Length, longest - _pending.Count)]);

    private void Emit()
    {
        line(Encoding.UTF8.GetString([.. _pending]).TrimEnd('\r'));
        _pending.Clear();
    }
}
