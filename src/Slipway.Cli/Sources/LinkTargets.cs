namespace Slipway.Cli.Sources;

/// <summary>Where a link leads, followed name by name: '..' behind another link is not where its text says.</summary>
internal static class LinkTargets
{
    private const int MaxLinks = 40;

    /// <summary>The path with every link on its way followed.</summary>
    public static string Real(string path) => Follow("/", Path.GetFullPath(path), within: null) ?? path;

    /// <summary>The target as relative text when it stays inside the root, else null. A target that does not exist counts by its text.</summary>
    /// <param name="root">A real path.</param>
    /// <param name="link">Relative to the root, with '/'; its folders are real.</param>
    public static string? Inside(string root, string link, string target)
    {
        if (target.Length == 0) return null;
        var folder = Path.GetDirectoryName(Path.Combine(root, link)) ?? root;
        var isAbsolute = Path.IsPathRooted(target);
        // A relative way that leaves and comes back depends on the folder's own name: it must stay inside at every step.
        if (Follow(folder, target, isAbsolute ? null : root) is not { } end || !Contains(root, end)) return null;
        // An absolute target inside would be elsewhere in the container: say it relatively.
        return isAbsolute ? Path.GetRelativePath(folder, target) : target;
    }

    private static string? Follow(string from, string target, string? within)
    {
        var left = new Stack<string>(target.Split('/').Reverse());
        var at = Path.IsPathRooted(target) ? "/" : from;
        var links = 0;
        while (left.TryPop(out var name))
        {
            if (name is "" or ".") continue;
            var parent = at;
            at = name == ".." ? Path.GetDirectoryName(at) ?? "/" : Path.Combine(at, name);
            if (name != ".." && new FileInfo(at).LinkTarget is { Length: > 0 } next)
            {
                if (++links > MaxLinks) return null;
                foreach (var part in next.Split('/').Reverse()) left.Push(part);
                at = Path.IsPathRooted(next) ? "/" : parent;
            }

            if (within is not null && !Contains(within, at)) return null;
        }

        return at;
    }

    private static bool Contains(string root, string path) => path == root || path.StartsWith(root + "/", StringComparison.Ordinal);
}
