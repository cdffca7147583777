using System.Runtime.InteropServices;

namespace Slipway.Host;

/// <summary>Whose a file is, which .NET's file API does not tell.</summary>
public readonly partial record struct FileOwner(uint User, uint Group, int Mode)
{
    private const int AtCwd = -100;
    private const uint BasicStats = 0x7ff;

    /// <summary>Null when it is not there or may not be looked at.</summary>
    public static FileOwner? Of(string path) =>
        Statx(AtCwd, path, 0, BasicStats, out var s) == 0 ? new FileOwner(s.User, s.Group, s.Mode & 0x1FF) : null;

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out Statistics result);

    /// <summary>The kernel's struct statx, the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Statistics
    {
        [FieldOffset(20)] public uint User;
        [FieldOffset(24)] public uint Group;
        [FieldOffset(28)] public ushort Mode;
    }
}
