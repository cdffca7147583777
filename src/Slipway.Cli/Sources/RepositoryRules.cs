namespace Slipway.Cli.Sources;

/// <summary>The ignore files between a repository's top and the folder that is deployed: git honours them, so do we.</summary>
internal static class RepositoryRules
{
    public static IgnoreRules Above(string root)
    {
        var rules = new IgnoreRules();
        if (Path.Exists(Path.Combine(root, ".git")) || Top(root) is not { } top) return rules;
        var parts = Path.GetRelativePath(top, root).Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            var file = Path.Combine([top, .. parts[..i], IgnoreRules.GitFile]);
            if (File.Exists(file)) rules.AddAbove(string.Join('/', parts[i..]), File.ReadAllText(file));
        }

        return rules;
    }

    private static string? Top(string folder)
    {
        for (var at = Path.GetDirectoryName(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            if (Path.Exists(Path.Combine(at, ".git"))) return at;
        }

        return null;
    }
}
