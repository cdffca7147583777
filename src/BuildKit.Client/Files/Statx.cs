using System.Runtime.InteropServices;
using System.Text;

namespace BuildKit.Client.Files;

/// <summary>statx(2) without following links: mode, size and nanosecond time in one call, and no fifo is ever opened.</summary>
internal static partial class Statx
{
    private const int AtFdCwd = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const int NoEntry = 2;
    private const int NotDirectory = 20;
    private const uint BasicStats = 0x7ff;

    public const ushort TypeMask = 0xF000;
    public const ushort Directory = 0x4000;
    public const ushort Regular = 0x8000;
    public const ushort Symlink = 0xA000;
    public const ushort Fifo = 0x1000;

    public readonly record struct Result(ushort Mode, long Size, long Nanoseconds);

    /// <summary>Null when it is not there.</summary>
    /// <exception cref="IOException">It is there and cannot be looked at.</exception>
    public static Result? Of(string path)
    {
        Span<byte> buffer = stackalloc byte[256];
        var name = new byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        name[Encoding.UTF8.GetBytes(path, name)] = 0;
        if (Call(AtFdCwd, name, AtSymlinkNoFollow, BasicStats, buffer) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error is NoEntry or NotDirectory ? null : throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}");
        }


        // struct statx: stx_mode at 28, stx_size at 40, stx_mtime (seconds, nanoseconds) at 112.
        var mode = MemoryMarshal.Read<ushort>(buffer[28..]);
        var size = MemoryMarshal.Read<long>(buffer[40..]);
        var seconds = MemoryMarshal.Read<long>(buffer[112..]);
        var nanoseconds = MemoryMarshal.Read<uint>(buffer[120..]);
        return new Result(mode, size, (seconds * 1_000_000_000) + nanoseconds);
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Call(int directory, ReadOnlySpan<byte> path, int flags, uint mask, Span<byte> result);
}
