using Slipway.Core;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Git;

/// <summary>What no source may hold, wherever it came from: links out of it, too many files, too many bytes.</summary>
internal static class TreeCheck
{
    public static Failure? Find(string root, SourceLimits limits)
    {
        var (files, bytes) = (0L, 0L);
        var folders = new Stack<DirectoryInfo>([new DirectoryInfo(root)]);
        while (folders.TryPop(out var folder))
        {
            foreach (var entry in folder.EnumerateFileSystemInfos())
            {
                if (entry.LinkTarget is { } target)
                {
                    if (Escapes(root, Path.GetRelativePath(root, entry.FullName), target) is { } escape) return escape;
                }
                else if (entry is DirectoryInfo below) folders.Push(below);
                else bytes += ((FileInfo)entry).Length;
                if (limits.Check(++files, bytes) is { } tooLarge) return tooLarge;
            }
        }

        return null;
    }

    private static Failure? Escapes(string root, string name, string target) =>
        RootedPath.Follow(root, name) is not null
            ? null
            : new Failure("fetch.symlink_escape", $"the symbolic link '{Shown.Name(name)}' (to '{Shown.Name(target)}') leads out of the source or in a circle", "replace it by the file itself, or by a link inside the source");
}
