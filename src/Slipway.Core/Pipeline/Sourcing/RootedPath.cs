namespace Slipway.Core.Pipeline.Sourcing;

/// <summary>
/// Follows a path as the kernel does, link by link, without leaving a root. Text alone cannot tell: in <c>a/link/..</c> the two dots
/// go up from where the link leads, so a chain of links that each look harmless may end outside.
/// </summary>
public static class RootedPath
{
    /// <summary>As many as Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <summary>Where the path leads, with no link in it; null when that is outside or the links go in a circle. It need not exist.</summary>
    /// <param name="root">Absolute; may itself lie behind links.</param>
    /// <param name="path">Relative to the root.</param>
    public static string? Follow(string root, string path)
    {
        if (Path.IsPathRooted(path)) return null;
        var left = new Stack<string>(path.Split('/').Reverse());
        var (at, links) = (root, 0);
        while (left.TryPop(out var part))
        {
            if (part is "" or ".") continue;
            if (part is "..")
            {
                if (at == root) return null;
                at = Path.GetDirectoryName(at) ?? root;
                continue;
            }

            var next = Path.Combine(at, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                at = next;
                continue;
            }

            if (Path.IsPathRooted(target) || ++links > MaxLinks) return null;
            foreach (var step in target.Split('/').Reverse()) left.Push(step);
        }

        return at;
    }
}
