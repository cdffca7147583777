using System.Formats.Tar;
using Slipway.Core;

namespace Slipway.Git;

/// <summary>The folder that one archive fills. It knows what it wrote, so nothing is written twice or through a link.</summary>
/// <param name="archiveBytes">How large the archive is, compressed.</param>
internal sealed class UnpackedTree(string root, SourceLimits limits, long archiveBytes)
{
    /// <summary>All but setuid, setgid and sticky.</summary>
    private const UnixFileMode Permissions = (UnixFileMode)0x1FF;
    private const UnixFileMode AlwaysOurs = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Text shrinks to a tenth, zeros to a thousandth; small archives may do what they like.</summary>
    private const int MaxRatio = 200;
    private const long RatioCounts = 64L << 20;

    private readonly Dictionary<string, bool> _isFolder = new(StringComparer.Ordinal) { [""] = true };
    private readonly List<(string Folder, DateTime Time)> _times = [];
    private long _entries;
    private long _expanded;

    public int Files { get; private set; }

    public long Bytes { get; private set; }

    public async Task<Failure?> TakeAsync(TarEntry entry, CancellationToken ct)
    {
        if (entry.EntryType is TarEntryType.GlobalExtendedAttributes) return null;
        var name = EntryName.Clean(entry.Name);
        if (name.Length == 0) return null;
        // Before anything is read of it, and for what is skipped too: that costs time all the same.
        if (limits.Check(++_entries, _expanded += entry.Length) is { } tooLarge) return tooLarge;
        if (_expanded > RatioCounts && _expanded / MaxRatio > archiveBytes) return Refuse(name, "is part of a bomb: the archive unpacks to far more than it is");
        if (EntryName.WhyRefused(name) is { } bad) return Refuse(name, bad);
        if (EntryName.IsSkipped(name)) return null;
        if (MakeParents(name) is { } blocked) return Refuse(name, $"lies in '{Shown.Name(blocked)}', which is no folder");

        var isFolder = entry.EntryType is TarEntryType.Directory;
        if (!_isFolder.TryAdd(name, isFolder) && !(isFolder && _isFolder[name])) return Refuse(name, "comes twice");
        var full = Path.Combine(root, name);
        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                Directory.CreateDirectory(full);
                _times.Add((full, entry.ModificationTime.UtcDateTime));
                return null;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                return await WriteAsync(entry, name, full, ct);
            case TarEntryType.SymbolicLink:
                Files++;
                // Where it leads is checked when all is there: other links may be on its way.
                return entry.LinkName.Any(char.IsControl) || entry.LinkName.Length is 0 or > 4000 ? Refuse(name, "is a link to nowhere") : Link(full, entry.LinkName);
            case TarEntryType.HardLink:
                return CopyOf(entry, name, full);
            default:
                return Refuse(name, $"is a {entry.EntryType}; only files, folders and links are taken");
        }
    }

    /// <summary>Last, for each write into a folder changes its time.</summary>
    public void SetFolderTimes()
    {
        foreach (var (folder, time) in Enumerable.Reverse(_times)) Directory.SetLastWriteTimeUtc(folder, time);
    }

    /// <summary>The first part of the way to <paramref name="name"/> that is a file or a link; null when all are folders now.</summary>
    private string? MakeParents(string name)
    {
        for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
        {
            var parent = name[..slash];
            if (!_isFolder.TryGetValue(parent, out var isFolder))
            {
                Directory.CreateDirectory(Path.Combine(root, parent));
                _isFolder[parent] = isFolder = true;
                _entries++;
            }

            if (!isFolder) return parent;
        }

        return null;
    }

    private async Task<Failure?> WriteAsync(TarEntry entry, string name, string full, CancellationToken ct)
    {
        await using (var file = new FileStream(full, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = (entry.Mode & Permissions) | AlwaysOurs }))
        {
            if (entry.DataStream is { } data) await data.CopyToAsync(file, ct);
            if (file.Length != entry.Length) return Refuse(name, "is not as long as it says");
        }

        File.SetLastWriteTimeUtc(full, entry.ModificationTime.UtcDateTime);
        Files++;
        Bytes += entry.Length;
        return null;
    }

    private static Failure? Link(string full, string target)
    {
        File.CreateSymbolicLink(full, target);
        return null;
    }

    /// <summary>tar writes a hard link for a file that it has packed before under another name. A copy does as well, and shares nothing.</summary>
    private Failure? CopyOf(TarEntry entry, string name, string full)
    {
        var target = EntryName.Clean(entry.LinkName);
        if (EntryName.WhyRefused(target) is not null || !_isFolder.TryGetValue(target, out var isFolder) || isFolder) return Refuse(name, $"is a hard link to '{Shown.Name(target)}', which is no file that came before");
        var file = new FileInfo(Path.Combine(root, target));
        if (file.LinkTarget is not null) return Refuse(name, "is a hard link to a symbolic link");
        if (limits.Check(_entries, _expanded += file.Length) is { } tooLarge) return tooLarge;
        file.CopyTo(full);
        Files++;
        Bytes += file.Length;
        return null;
    }

    private static Failure Refuse(string name, string why) => new("fetch.unsafe_archive", $"the archive's entry '{Shown.Name(name)}' {why}", "make the archive anew without it");
}
