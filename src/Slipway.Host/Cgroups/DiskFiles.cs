using System.Runtime.InteropServices;
using System.Text;
using Slipway.Core.Hosting;

namespace Slipway.Host.Cgroups;

/// <summary>statvfs(3) for what <see cref="DriveInfo"/> does not tell: the files that a disk has room for.</summary>
internal static partial class DiskFiles
{
    // struct statvfs on 64-bit Linux, glibc and musl alike: f_files at 40, f_favail at 56.
    private const int FilesAt = 40;
    private const int AvailableAt = 56;

    /// <summary>Null when it can't be seen, or the file system makes room for files as it needs it (btrfs says 0).</summary>
    public static FileRoom? Of(string path)
    {
        Span<byte> answer = stackalloc byte[256];
        if (Call([.. Encoding.UTF8.GetBytes(path), 0], answer) != 0) return null;
        var total = MemoryMarshal.Read<long>(answer[FilesAt..]);
        return total > 0 ? new FileRoom(MemoryMarshal.Read<long>(answer[AvailableAt..]), total) : null;
    }

    [LibraryImport("libc", EntryPoint = "statvfs")]
    private static partial int Call(ReadOnlySpan<byte> path, Span<byte> answer);
}
