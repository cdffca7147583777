using System.Text;

namespace Slipway.Docker.Running;

/// <summary>Bytes of one output stream → lines. A line without end is cut, not kept.</summary>
internal sealed class LineAssembler(Action<string> line)
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

    private void Keep(ReadOnlySpan<byte> bytes) => _pending.AddRange(bytes[..Math.Min(bytes.Length, LongestLine - _pending.Count)]);

    private void Emit()
    {
        line(Encoding.UTF8.GetString([.. _pending]).TrimEnd('\r'));
        _pending.Clear();
    }
}
