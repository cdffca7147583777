using Slipway.Core;

namespace Slipway.Git;

/// <summary>What no source may hold, wherever it came from: links out of it, too many files, too many bytes.</summary>
internal static class TreeCheck
{
    public static Failure? Find(string root, SourceOptions options)
    {
        var (files, bytes) = (0, 0L);
        var folders = new Stack<DirectoryInfo>([new DirectoryInfo(root)]);
        while (folders.TryPop(out var folder))
        {
            foreach (var entry in folder.EnumerateFileSystemInfos())
            {
                var name = Path.GetRelativePath(root, entry.FullName);
                if (entry.LinkTarget is { } target)
                {
                    if (Escapes(root, entry.FullName, target)) return new Failure("fetch.symlink_escape", $"the symbolic link '{name}' leads out of the source (to '{target}')", "replace it by the file itself, or by a link inside the source");
                    continue;
                }

                if (entry is DirectoryInfo below) folders.Push(below);
                else bytes += ((FileInfo)entry).Length;
                if (++files > options.MaxFiles) return new Failure("fetch.too_large", $"the source has more than {options.MaxFiles} files", "leave out what the build makes itself, or raise Slipway:Sources:MaxFiles");
                if (bytes > options.MaxBytes) return new Failure("fetch.too_large", $"the source is larger than {options.MaxBytes >> 20} MiB", "leave out large files, or raise Slipway:Sources:MaxBytes");
            }
        }

        return null;
    }

    public static bool Escapes(string root, string link, string target)
    {
        if (Path.IsPathRooted(target)) return true;
        var full = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(link) ?? root, target));
        return full != root && !full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }
}
