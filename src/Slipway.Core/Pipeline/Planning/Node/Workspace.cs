using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Core.Pipeline.Planning.Node;

internal sealed record WorkspaceMember(string Folder, PackageManifest Manifest);

/// <summary>Packages that are installed together, at a root above them.</summary>
/// <param name="Manifest">The root's, which pnpm does not ask for.</param>
/// <param name="Members">Without the root itself, by folder.</param>
internal sealed partial record Workspace(string Root, PackageManifest? Manifest, IReadOnlyList<WorkspaceMember> Members)
{
    /// <summary>A tree made to be walked forever is not.</summary>
    private const int MaxDepth = 6;
    private const int MaxMembers = 1000;

    /// <summary>The nearest workspace that the app is the root or a member of; null: it stands alone.</summary>
    public static Workspace? Find(ISourceTree tree, string app)
    {
        foreach (var folder in SourcePath.Upwards(app))
        {
            var manifest = Read(tree, folder);
            var patterns = Patterns(tree, folder, manifest);
            if (patterns.Count == 0) continue;
            var members = Expand(tree, folder, patterns);
            if (folder == app || members.Contains(app))
                return new(folder, manifest, [.. from member in members let its = Read(tree, member) where its is not null select new WorkspaceMember(member, its)]);
        }

        return null;
    }

    /// <summary>Members that the app depends on, directly or not, each after its own dependencies; the app is not among them.</summary>
    public IReadOnlyList<WorkspaceMember> DependenciesOf(string app)
    {
        var byName = Members.Where(m => m.Manifest.Name is not null).GroupBy(m => m.Manifest.Name!).ToDictionary(g => g.Key, g => g.First());
        var ordered = new List<WorkspaceMember>();
        var seen = new HashSet<string> { app };
        var start = Members.FirstOrDefault(m => m.Folder == app)?.Manifest ?? Manifest;
        if (start is not null) Visit(start);
        return ordered;

        void Visit(PackageManifest manifest)
        {
            foreach (var (name, _) in manifest.AllDependencies)
            {
                if (!byName.TryGetValue(name, out var member) || !seen.Add(member.Folder)) continue;
                Visit(member.Manifest);
                ordered.Add(member);
            }
        }
    }

    private static PackageManifest? Read(ISourceTree tree, string folder)
    {
        var path = SourcePath.Join(folder, "package.json");
        if (!tree.FileExists(path)) return null;
        var manifest = PackageManifest.Parse(tree.ReadText(path), path);
        return manifest.IsFailure(out _) ? null : manifest.Value;
    }

    private static IReadOnlyList<string> Patterns(ISourceTree tree, string folder, PackageManifest? manifest) =>
        tree.ReadText(SourcePath.Join(folder, "pnpm-workspace.yaml")) is { } yaml ? PnpmPatterns(yaml) : manifest?.Workspaces ?? [];

    /// <summary>The one list of a file that otherwise holds settings; Core has no YAML reader and needs none for this.</summary>
    private static List<string> PnpmPatterns(string yaml)
    {
        if (PackagesKey().Match(yaml) is not { Success: true } match) return [];
        var inline = match.Groups[1].Value.Trim();
        if (inline.StartsWith('['))
            return [.. inline.Trim('[', ']').Split(',').Select(Unquote).Where(p => p.Length > 0)];
        return [.. yaml[(match.Index + match.Length)..].Split('\n')
            .TakeWhile(line => line.Trim() is "" or ['#', ..] || line.TrimStart().StartsWith('-'))
            .Select(line => line.Trim()).Where(line => line.StartsWith('-')).Select(line => Unquote(line[1..])).Where(p => p.Length > 0)];
    }

    private static string Unquote(string text)
    {
        text = text.Trim();
        if (text is ['\'' or '"', ..] && text.IndexOf(text[0], 1) is > 0 and var end) return text[1..end];
        return text.Split(" #")[0].Trim();
    }

    private static SortedSet<string> Expand(ISourceTree tree, string root, IReadOnlyList<string> patterns)
    {
        var members = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var pattern in patterns.Where(p => !p.StartsWith('!'))) Walk(tree, root, Segments(pattern), 0, 0, members);
        foreach (var pattern in patterns.Where(p => p.StartsWith('!')))
        {
            var segments = Segments(pattern[1..]);
            members.RemoveWhere(m => Matches(SourcePath.RelativeTo(root, m).Split('/'), segments, 0, 0));
        }

        members.Remove(root);
        return members;
    }

    /// <summary>Doubled <c>**</c> say nothing and cost a power each.</summary>
    private static string[] Segments(string pattern)
    {
        var segments = new List<string>();
        foreach (var segment in pattern.Split('/'))
            if (segment is not ("" or ".") && !(segment == "**" && segments is [.., "**"])) segments.Add(segment);
        return segments.Count > MaxDepth + 2 ? [".."] : [.. segments];
    }

    private static void Walk(ISourceTree tree, string folder, string[] pattern, int at, int depth, SortedSet<string> found)
    {
        if (depth > MaxDepth || found.Count >= MaxMembers) return;
        if (at == pattern.Length)
        {
            if (tree.FileExists(SourcePath.Join(folder, "package.json"))) found.Add(folder);
            return;
        }

        var segment = pattern[at];
        if (segment == "..") return;
        if (segment == "**") Walk(tree, folder, pattern, at + 1, depth, found);
        foreach (var entry in tree.List(folder))
        {
            if (entry is not [.. var name, '/'] || name == "node_modules" || name.StartsWith('.')) continue;
            if (segment == "**") Walk(tree, SourcePath.Join(folder, name), pattern, at, depth + 1, found);
            else if (FileSystemName.MatchesSimpleExpression(segment, name, ignoreCase: false)) Walk(tree, SourcePath.Join(folder, name), pattern, at + 1, depth + 1, found);
        }
    }

    private static bool Matches(string[] path, string[] pattern, int p, int at) =>
        at == pattern.Length ? p == path.Length
        : pattern[at] == "**" ? Matches(path, pattern, p, at + 1) || (p < path.Length && Matches(path, pattern, p + 1, at))
        : p < path.Length && FileSystemName.MatchesSimpleExpression(pattern[at], path[p], ignoreCase: false) && Matches(path, pattern, p + 1, at + 1);

    [GeneratedRegex(@"^packages[ \t]*:[ \t]*(.*)$", RegexOptions.Multiline)]
    private static partial Regex PackagesKey();
}
