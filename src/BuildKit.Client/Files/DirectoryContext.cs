using BuildKit.Client.Files;

namespace BuildKit.Client;

/// <summary>A folder on this machine's disk. Sockets and devices are left out; links are sent as links, never followed.</summary>
public sealed class DirectoryContext(string root) : IContextSource
{
    private readonly string _root = Path.GetFullPath(root);

    /// <inheritdoc/>
    public IReadOnlyList<ContextEntry> List(string directory)
    {
        var entries = new List<ContextEntry>();
        foreach (var path in Directory.EnumerateFileSystemEntries(Path.Combine(_root, directory)))
        {
            var name = Path.GetFileName(path);
            // .NET reads such a name with U+FFFD in it and cannot open the file again: better to say so than to leave it out.
            if (name.Contains('\uFFFD') && Statx.Of(path) is null) throw new IOException($"the name of {directory}/{name} is not UTF-8");
            if (Entry(directory.Length == 0 ? name : $"{directory}/{name}", path) is { } entry) entries.Add(entry);
        }

        return entries;
    }

    /// <inheritdoc/>
    public ContextEntry? Find(string path) => Entry(path, Path.Combine(_root, path));

    /// <inheritdoc/>
    public Stream Open(string path) => new FileStream(Path.Combine(_root, path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private static ContextEntry? Entry(string relative, string full)
    {
        if (Statx.Of(full) is not { } stat) return null;
        var mode = (uint)(stat.Mode & 0x1FF);
        if ((stat.Mode & 0x800) != 0) mode |= ContextEntry.ModeSetuid;
        if ((stat.Mode & 0x400) != 0) mode |= ContextEntry.ModeSetgid;
        if ((stat.Mode & 0x200) != 0) mode |= ContextEntry.ModeSticky;
        return (stat.Mode & Statx.TypeMask) switch
        {
            Statx.Directory => new ContextEntry(relative, mode | ContextEntry.ModeDirectory, 0, stat.Nanoseconds, ""),
            Statx.Symlink => new ContextEntry(relative, mode | ContextEntry.ModeSymlink, 0, stat.Nanoseconds, new FileInfo(full).LinkTarget ?? ""),
            Statx.Fifo => new ContextEntry(relative, mode | ContextEntry.ModeFifo, 0, stat.Nanoseconds, ""),
            Statx.Regular => new ContextEntry(relative, mode, stat.Size, stat.Nanoseconds, ""),
            _ => null,
        };
    }
}
