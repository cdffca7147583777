using System.Collections.Frozen;

namespace Slipway.StaticSite;

/// <summary>
/// Every file that may be served, read once: an image does not change. What is not in the index does not exist, so neither
/// `..` nor a link out of the root nor a hidden file can be asked for.
/// </summary>
internal sealed class Site
{
    private readonly FrozenDictionary<string, SiteFile> _files;

    private Site(FrozenDictionary<string, SiteFile> files) => _files = files;

    public int Count => _files.Count;

    public SiteFile? this[string path] => _files.GetValueOrDefault(path);

    public static Site Read(string root)
    {
        var found = Walk(new DirectoryInfo(root), root).ToDictionary(file => file.Path, StringComparer.Ordinal);
        return new(found.Values.Select(WithVariants).ToFrozenDictionary(file => file.Path, StringComparer.Ordinal));

        SiteFile WithVariants(SiteFile file) => file with
        {
            Brotli = found.GetValueOrDefault(file.Path + ".br"),
            Gzip = found.GetValueOrDefault(file.Path + ".gz"),
        };
    }

    private static IEnumerable<SiteFile> Walk(DirectoryInfo folder, string root)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (IsHidden(entry, root)) continue;
            if (entry is DirectoryInfo child)
            {
                // A link to a folder may lead out of the root or around in a circle.
                if (child.LinkTarget is not null) continue;
                foreach (var file in Walk(child, root)) yield return file;
            }
            else if (Target(entry, root) is { } target)
            {
                var path = "/" + Path.GetRelativePath(root, entry.FullName);
                yield return new SiteFile(path, target.FullName, target.Length, target.LastWriteTimeUtc);
            }
        }
    }

    private static bool IsHidden(FileSystemInfo entry, string root) =>
        entry.Name.StartsWith('.') && (entry.Name != ".well-known" || Path.GetDirectoryName(entry.FullName) != root);

    /// <summary>The file itself, or the file that a link within the root leads to.</summary>
    private static FileInfo? Target(FileSystemInfo entry, string root)
    {
        if (entry.LinkTarget is null) return entry as FileInfo;
        if (entry.ResolveLinkTarget(returnFinalTarget: true) is not FileInfo { Exists: true } target) return null;

        var inside = Path.GetRelativePath(root, target.FullName);
        var isInside = !Path.IsPathRooted(inside) && !inside.Split('/').Any(segment => segment.StartsWith('.'));
        return isInside && !PassesLinkedFolder(target, root) ? target : null;
    }

    private static bool PassesLinkedFolder(FileInfo file, string root)
    {
        for (var folder = file.Directory; folder is not null && folder.FullName.Length > root.Length; folder = folder.Parent)
            if (folder.LinkTarget is not null) return true;
        return false;
    }
}
