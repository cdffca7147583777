using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Slipway.Host.Cgroups;

/// <summary>The few calls that .NET has no words for.</summary>
internal static partial class Native
{
    public const short PollIn = 0x1;
    public const short PollPriority = 0x2;

    public const uint Created = 0x100;
    public const uint Deleted = 0x200;
    public const uint DeletedItself = 0x400;
    public const uint OnlyDirectories = 0x0100_0000;
    public const uint IsDirectory = 0x4000_0000;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int ToTheEnd = 2;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Seen;
    }

    public static SafeFileHandle NewEvent() => Owned(EventFd(0, CloseOnExec), "eventfd");

    public static SafeFileHandle NewWatch() => Owned(InotifyInit(CloseOnExec), "inotify");

    /// <summary>The kernel's words from now on; null when they may not be read.</summary>
    public static SafeFileHandle? KernelLog()
    {
        var descriptor = OpenCall("/dev/kmsg", NonBlocking | CloseOnExec);
        if (descriptor < 0) return null;
        SeekCall(descriptor, 0, ToTheEnd);
        return new(descriptor, ownsHandle: true);
    }

    public static int Watch(SafeFileHandle watch, string folder, uint mask) =>
        InotifyAdd(watch, folder, mask) is >= 0 and var number ? number : throw Failed($"watching {folder}");

    /// <summary>Waits without an end; false: interrupted, try again.</summary>
    public static bool Poll(Span<PollEntry> entries) => PollCall(entries, (nuint)entries.Length, -1) >= 0;

    /// <summary>Of what has no place to read from, such as an event; the bytes read.</summary>
    public static int Read(SafeFileHandle file, Span<byte> buffer) => ReadCall(file, buffer, (nuint)buffer.Length) is >= 0 and var read ? (int)read : throw Failed("read");

    public static void Signal(SafeFileHandle happening)
    {
        if (WriteCall(happening, BitConverter.GetBytes(1L), sizeof(long)) < 0) throw Failed("write");
    }

    private static SafeFileHandle Owned(int descriptor, string what) => descriptor >= 0 ? new(descriptor, ownsHandle: true) : throw Failed(what);

    private static IOException Failed(string what) => new($"{what} failed: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenCall(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadCall(SafeFileHandle file, Span<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteCall(SafeFileHandle file, ReadOnlySpan<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long SeekCall(int descriptor, long offset, int origin);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint start, int flags);

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial int InotifyInit(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int InotifyAdd(SafeFileHandle watch, string path, uint mask);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int PollCall(Span<PollEntry> entries, nuint count, int milliseconds);
}
