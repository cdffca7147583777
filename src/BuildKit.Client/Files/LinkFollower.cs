namespace BuildKit.Client.Files;

/// <summary>Turns the daemon's <c>followpaths</c> into include patterns: each path with every link on its way and where the links lead.</summary>
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
            Follow(source, "", clean.Split('/'), wanted, 0);
        }

        return wanted.Contains("") ? null : [.. wanted];
    }

    private static void Follow(IContextSource source, string at, ReadOnlySpan<string> rest, SortedSet<string> wanted, int links)
    {
        if (rest.IsEmpty)
        {
            wanted.Add(at);
            return;
        }

        foreach (var name in Expand(source, at, rest[0]))
        {
            var path = at.Length == 0 ? name : $"{at}/{name}";
            if (source.Find(path) is not { IsSymlink: true } link)
            {
                Follow(source, path, rest[1..], wanted, links);
                continue;
            }

            wanted.Add(path);
            if (links >= MaxLinks) continue;
            var target = PatternMatcher.Clean(link.LinkTarget.StartsWith('/') ? link.LinkTarget : $"{at}/{link.LinkTarget}");
            var tail = rest[1..].ToArray();
            string[] onward = target.Length == 0 ? tail : [.. target.Split('/'), .. tail];
            Follow(source, "", onward, wanted, links + 1);
        }
    }

    private static IEnumerable<string> Expand(IContextSource source, string at, string name)
    {
        if (name.AsSpan().IndexOfAny("*?[") < 0) return [name];
        if (at.Length > 0 && source.Find(at) is not { IsDirectory: true }) return [];
        var regex = PatternMatcher.ToRegex(name);
        return source.List(at).Select(e => e.Path[(e.Path.LastIndexOf('/') + 1)..]).Where(n => regex.IsMatch(n)).ToList();
    }
}
