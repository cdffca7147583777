using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Slipway.Core;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.RuntimeLogs;

namespace Slipway.Store.RuntimeLogs;

/// <summary>A line in its file: <c>{number} {ticks} o|e {text}</c>, the numbers in hex. Pure.</summary>
internal static class LogRecord
{
    // 16 + 1 + 16 + 1 + 1 + 1
    private const int Head = 36;

    public static void Write(IBufferWriter<byte> file, long number, OutputLine line)
    {
        var head = file.GetSpan(Head);
        number.TryFormat(head, out _, "x16");
        head[16] = (byte)' ';
        line.At.UtcTicks.TryFormat(head[17..], out _, "x16");
        head[33] = (byte)' ';
        head[34] = line.IsError ? (byte)'e' : (byte)'o';
        head[35] = (byte)' ';
        file.Advance(Head);
        Encoding.UTF8.GetBytes(line.Text.AsSpan(), file);
        file.Write("\n"u8);
    }

    /// <param name="record">Without the line's end.</param>
    public static RuntimeLine? Read(ReadOnlySpan<byte> record, DeploymentId deployment)
    {
        if (record.Length < Head || !Utf8Parser.TryParse(record[..16], out long number, out var read, 'x') || read != 16 || !Utf8Parser.TryParse(record[17..33], out long ticks, out read, 'x') || read != 16) return null;
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks) return null;
        return new(number, deployment, new DateTimeOffset(ticks, TimeSpan.Zero), record[34] == (byte)'e' ? RuntimeStream.Err : RuntimeStream.Out, Encoding.UTF8.GetString(record[Head..]));
    }
}
