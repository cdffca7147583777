namespace Slipway.Cli.Sources;

/// <summary>
/// Which files of a folder stay at home. Files are read from the top down, and the nearest file's last matching line decides, as git does it.
/// <c>.slipwayignore</c> speaks before <c>.gitignore</c>, so that it can bring back what git leaves out (a built <c>dist/</c>).
/// </summary>
internal sealed class IgnoreRules
{
    public const string OwnFile = ".slipwayignore";
    public const string GitFile = ".gitignore";

    /// <summary>Never uploaded, whatever the files say: history, and what the build installs anyway.</summary>
    private static readonly string[] Never = [".git", "node_modules"];

    private readonly List<IgnoreFile> _own = [];
    private readonly List<IgnoreFile> _git = [];
    private readonly HashSet<string> _tracked = new(StringComparer.Ordinal);

    /// <summary>Ignored folders that are entered for a tracked file's sake alone.</summary>
    private readonly HashSet<string> _entered = new(StringComparer.Ordinal);

    /// <summary>Adds an ignore file's lines. Call for the parents of a folder before the folder itself.</summary>
    /// <param name="folder">Relative to the root, with '/'; "" is the root.</param>
    public void Add(string folder, string fileName, string text) =>
        (fileName == OwnFile ? _own : _git).Add(new IgnoreFile(folder.Length == 0 ? "" : folder + "/", "", Read(text)));

    /// <summary>A <c>.gitignore</c> above the root, of the same repository.</summary>
    /// <param name="pathToRoot">From that file's folder to the root, with '/'.</param>
    public void AddAbove(string pathToRoot, string text) => _git.Add(new IgnoreFile("", pathToRoot + "/", Read(text)));

    /// <summary>Files that git tracks although its rules ignore them: they belong to the repository, so they go.</summary>
    public void Track(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            for (var at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOf('/'))]) _tracked.Add(at);
        }
    }

    /// <param name="path">Relative to the root, with '/'. Its parents must have been asked before: what lies in an ignored folder is never asked.</param>
    public bool IsIgnored(string path, bool isFolder)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (Never.Contains(name, StringComparer.Ordinal)) return true;
        return Decide(_own, path, isFolder) ?? IsIgnoredByGit(path, isFolder);
    }

    private bool IsIgnoredByGit(string path, bool isFolder)
    {
        var isIgnored = _entered.Contains(path[..Math.Max(0, path.LastIndexOf('/'))]) || (Decide(_git, path, isFolder) ?? false);
        if (!isIgnored || !_tracked.Contains(path)) return isIgnored;
        if (isFolder) _entered.Add(path);
        return false;
    }

    private static bool? Decide(List<IgnoreFile> files, string path, bool isFolder)
    {
        for (var i = files.Count - 1; i >= 0; i--)
        {
            if (!path.StartsWith(files[i].Folder, StringComparison.Ordinal)) continue;
            var seen = files[i].Above + path[files[i].Folder.Length..];
            for (var p = files[i].Patterns.Length - 1; p >= 0; p--)
            {
                if (files[i].Patterns[p].Matches(seen, isFolder)) return !files[i].Patterns[p].IsNegated;
            }
        }

        return null;
    }

    private static IgnorePattern[] Read(string text) => [.. text.TrimStart('\uFEFF').Split('\n').Select(IgnorePattern.Parse).OfType<IgnorePattern>()];

    /// <param name="Folder">What the file is about: paths that begin so.</param>
    /// <param name="Above">For a file above the root: how its own folder sees the root.</param>
    private sealed record IgnoreFile(string Folder, string Above, IgnorePattern[] Patterns);
}
