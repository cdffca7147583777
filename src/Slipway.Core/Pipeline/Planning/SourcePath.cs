namespace Slipway.Core.Pipeline.Planning;

/// <summary>Paths inside a source: relative, '/' between names, "" is the source itself.</summary>
public static class SourcePath
{
    public static string Join(string folder, string name) => folder.Length == 0 ? name : name.Length == 0 ? folder : folder + "/" + name;

    /// <summary>The folder above; null above the source.</summary>
    public static string? Parent(string path) =>
        path.Length == 0 ? null : path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";

    /// <summary>The folder itself and those above it, nearest first.</summary>
    public static IEnumerable<string> Upwards(string path)
    {
        for (var at = path; at is not null; at = Parent(at)) yield return at;
    }

    /// <summary>Resolves <c>.</c>, <c>..</c> and doubled slashes; null when it leaves the source, is absolute or is no sane name.</summary>
    public static string? Normalize(string path)
    {
        if (path.StartsWith('/') || path.Any(c => char.IsControl(c) || c is '\\' or '\u2028' or '\u2029') || !IsWellFormed(path)) return null;
        var names = new List<string>();
        foreach (var name in path.Split('/'))
        {
            if (name is "" or ".") continue;
            if (name != "..") names.Add(name);
            else if (names.Count == 0) return null;
            else names.RemoveAt(names.Count - 1);
        }

        return string.Join('/', names);
    }

    /// <summary><paramref name="path"/> as seen from a folder above it; itself when that folder is not above it.</summary>
    public static string RelativeTo(string folder, string path) =>
        folder.Length == 0 ? path
        : path == folder ? ""
        : path.StartsWith(folder + "/", StringComparison.Ordinal) ? path[(folder.Length + 1)..]
        : path;

    /// <summary>Halves of a surrogate pair cannot be written as UTF-8.</summary>
    private static bool IsWellFormed(string text) => text.EnumerateRunes().All(r => r.Value != 0xFFFD);
}
