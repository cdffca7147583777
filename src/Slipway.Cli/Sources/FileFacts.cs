using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Slipway.Cli.Sources;

internal enum FileKind { Folder, File, Link, Other }

/// <summary>What .NET's file API does not tell: whether a name is a pipe, socket or device (opening a pipe would wait forever).</summary>
internal sealed partial record FileFacts(FileKind Kind, UnixFileMode Mode, long Size, DateTimeOffset Modified)
{
    private const int AtCwd = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;

    public static FileFacts Of(string path)
    {
        if (Statx(AtCwd, path, NoFollow, BasicStats, out var s) != 0) throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        var kind = (s.Mode & 0xF000) switch { 0x4000 => FileKind.Folder, 0x8000 => FileKind.File, 0xA000 => FileKind.Link, _ => FileKind.Other };
        return new FileFacts(kind, (UnixFileMode)(s.Mode & 0x1FF), (long)s.Size, DateTimeOffset.FromUnixTimeSeconds(s.ModifiedSeconds).AddTicks(s.ModifiedNanoseconds / 100));
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out Statistics result);

    /// <summary>The kernel's struct statx, the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statistics
    {
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(112)] public long ModifiedSeconds;
        [FieldOffset(120)] public uint ModifiedNanoseconds;
    }
}
