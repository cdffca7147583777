namespace Slipway.Cli.Sources;

/// <summary>One line of an ignore file, with git's meaning (gitignore(5)).</summary>
internal sealed class IgnorePattern
{
    private readonly string _literal;
    private readonly string _glob;
    private readonly bool _isAnchored;
    private readonly bool _onlyFolders;

    private IgnorePattern(string text, bool isNegated, bool isAnchored, bool onlyFolders)
    {
        // git compares what stands before the first wildcard by itself and globs the rest alone, so that "a**/b" means a + "**/b".
        var plain = text.AsSpan().IndexOfAny("*?[\\") is var first and >= 0 ? first : text.Length;
        (_literal, _glob) = (text[..plain], text[plain..]);
        IsNegated = isNegated;
        _isAnchored = isAnchored;
        _onlyFolders = onlyFolders;
    }

    /// <summary>Begins with '!': takes back what an earlier line ignored.</summary>
    public bool IsNegated { get; }

    /// <summary>Null for blanks, comments, and what can never match.</summary>
    public static IgnorePattern? Parse(string line)
    {
        var text = WithoutTrailingBlanks(line);
        if (text.Length == 0 || text[0] == '#') return null;
        var isNegated = text[0] == '!';
        if (isNegated) text = text[1..];
        var onlyFolders = text.EndsWith('/');
        if (onlyFolders) text = text[..^1];
        if (text.Length == 0) return null;
        // A slash at the start or inside ties the pattern to its own folder; else it is about names at any depth.
        var isAnchored = text.Contains('/');
        if (text[0] == '/') text = text[1..];
        return new IgnorePattern(text, isNegated, isAnchored, onlyFolders);
    }

    /// <param name="path">Relative to the folder of the ignore file, with '/'.</param>
    public bool Matches(string path, bool isFolder)
    {
        if (_onlyFolders && !isFolder) return false;
        var text = _isAnchored ? path : path[(path.LastIndexOf('/') + 1)..];
        return text.StartsWith(_literal, StringComparison.Ordinal) && Wildmatch.IsMatch(_glob, text[_literal.Length..]);
    }

    /// <summary>Blanks at the end are dropped unless a backslash holds the last one.</summary>
    private static string WithoutTrailingBlanks(string line)
    {
        var end = line.Length;
        if (end > 0 && line[end - 1] == '\r') end--;
        while (end > 0 && line[end - 1] == ' ')
        {
            var slashes = 0;
            while (end - 2 - slashes >= 0 && line[end - 2 - slashes] == '\\') slashes++;
            if (slashes % 2 == 1) break;
            end--;
        }

        return line[..end];
    }
}
