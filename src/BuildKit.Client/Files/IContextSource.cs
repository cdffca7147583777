namespace BuildKit.Client;

/// <summary>One entry of a synced folder, in the daemon's terms.</summary>
/// <param name="Path">Relative, '/', clean; the root itself is not an entry.</param>
/// <param name="Mode">Go's os.FileMode: permissions in the low 9 bits, kind in the high ones.</param>
/// <param name="Size">Bytes; 0 for all but regular files.</param>
/// <param name="ModifiedNanoseconds">Since the epoch.</param>
/// <param name="LinkTarget">A symbolic link's raw target, else "".</param>
public sealed record ContextEntry(string Path, uint Mode, long Size, long ModifiedNanoseconds, string LinkTarget)
{
    internal const uint ModeDirectory = 1u << 31;
    internal const uint ModeSymlink = 1u << 27;
    internal const uint ModeFifo = 1u << 25;
    internal const uint ModeSetuid = 1u << 23;
    internal const uint ModeSetgid = 1u << 22;
    internal const uint ModeSticky = 1u << 20;

    /// <summary>A folder.</summary>
    public bool IsDirectory => (Mode & ModeDirectory) != 0;

    /// <summary>A symbolic link.</summary>
    public bool IsSymlink => (Mode & ModeSymlink) != 0;

    /// <summary>The daemon may ask for its bytes (PROTOCOL.md §5).</summary>
    internal bool IsFile => (Mode & 0x8F280000) == 0;
}

/// <summary>A folder to sync: on disk, in memory, or one laid over another.</summary>
public interface IContextSource
{
    /// <summary>The entries directly below a folder ("" is the root), in any order.</summary>
    IReadOnlyList<ContextEntry> List(string directory);

    /// <summary>One entry; null when missing.</summary>
    ContextEntry? Find(string path);

    /// <summary>A regular file's bytes.</summary>
    Stream Open(string path);
}
