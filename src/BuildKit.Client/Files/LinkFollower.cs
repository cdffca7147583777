namespace BuildKit.Client.Files;

/// <summary>
/// Turns the daemon's <c>followpaths</c> into include patterns: each path with every link on its way and where the links lead.
/// What was found on disk is escaped, since a name may look like a pattern (<c>[id].tsx</c>).
/// </summary>
internal static class LinkFollower
{
    private const int MaxLinks = 255;

    /// <summary>Null when the whole tree is wanted.</summary>
    public static IReadOnlyList<string>? Follow(IContextSource source, IEnumerable<string> paths)
    {
        var wanted = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var clean = PatternMatcher.Clean(path);
            if (clean.Length == 0) return null;
            Follow(source, "", clean.Split('/'), wanted, isCovered: false, 0);
        }

        return wanted.Contains("") ? null : [.. wanted];
    }

    /// <param name="isCovered">A pattern in <paramref name="wanted"/> matches the path itself: only links are of interest.</param>
    private static void Follow(IContextSource source, string at, ReadOnlySpan<string> rest, SortedSet<string> wanted, bool isCovered, int links)
    {
        if (rest.IsEmpty)
        {
            if (!isCovered) wanted.Add(PatternMatcher.Escape(at));
            return;
        }

        if (IsPattern(rest[0]) && !isCovered)
        {
            // It stays a pattern: thousands of files may match it, and one that finds nothing must not leave none, which means everything.
            wanted.Add(string.Join('/', [.. Parts(PatternMatcher.Escape(at)), .. rest]));
            isCovered = true;
        }

        foreach (var name in Expand(source, at, rest[0]))
        {
            var path = at.Length == 0 ? name : $"{at}/{name}";
            if (source.Find(path) is not { IsSymlink: true } link)
            {
                Follow(source, path, rest[1..], wanted, isCovered, links);
                continue;
            }

            wanted.Add(PatternMatcher.Escape(path));
            if (links >= MaxLinks) continue;
            var target = PatternMatcher.Clean(link.LinkTarget.StartsWith('/') ? link.LinkTarget : $"{at}/{link.LinkTarget}");
            // A link's target is a path, not a pattern.
            Follow(source, "", [.. Parts(PatternMatcher.Escape(target)), .. rest[1..]], wanted, isCovered: false, links + 1);
        }
    }

    private static string[] Parts(string path) => path.Length == 0 ? [] : path.Split('/');

    private static bool IsPattern(string name) => name.AsSpan().IndexOfAny("*?[\\") >= 0;

    private static IEnumerable<string> Expand(IContextSource source, string at, string name)
    {
        if (!IsPattern(name)) return [name];
        if (at.Length > 0 && source.Find(at) is not { IsDirectory: true }) return [];
        var regex = PatternMatcher.ToRegex(name);
        return source.List(at).Select(e => e.Path[(e.Path.LastIndexOf('/') + 1)..]).Where(n => regex.IsMatch(n)).ToList();
    }
}
