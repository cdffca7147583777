using System.Text;
using System.Text.RegularExpressions;

namespace BuildKit.Client.Files;

/// <summary>
/// moby/patternmatcher's rules: the last pattern that matches decides, <c>!</c> takes back, and what matched a folder matches all
/// below it. Children are asked with their folder's result, as the daemon's own walk does.
/// </summary>
internal sealed class PatternMatcher
{
    private readonly List<Pattern> _patterns = [];

    public PatternMatcher(IEnumerable<string> patterns)
    {
        foreach (var raw in patterns)
        {
            var text = raw.Trim();
            var isTakeBack = text.StartsWith('!');
            if (isTakeBack) text = text[1..].TrimStart();
            text = Clean(text);
            if (text.Length > 0) _patterns.Add(new Pattern(isTakeBack, ToRegex(text), [.. text.Split('/').Select(part => new Part(part.Contains("**", StringComparison.Ordinal), ToRegex(part)))]));
        }
    }

    public bool IsEmpty => _patterns.Count == 0;

    /// <summary>Something below a matched folder may have been taken back; if not, it need not be walked.</summary>
    public bool MayTakeBackBelow(string directory)
    {
        var parts = directory.Split('/');
        return _patterns.Any(p => p.IsTakeBack && CouldMatchBelow(p.Parts, parts));
    }

    /// <summary>Per pattern, whether it matched; null for the root.</summary>
    public (bool Matched, bool[] PerPattern) Match(string path, bool[]? parent)
    {
        var matched = false;
        var all = new bool[_patterns.Count];
        for (var i = 0; i < _patterns.Count; i++)
        {
            var p = _patterns[i];
            var hit = parent is not null && parent[i];
            if (!hit)
            {
                // Asking it could change nothing now; the daemon skips it too, and then its children start afresh.
                if (p.IsTakeBack != matched) continue;
                hit = p.Regex.IsMatch(path);
            }

            all[i] = hit;
            if (hit) matched = !p.IsTakeBack;
        }

        return (matched, all);
    }

    /// <summary>Some pattern may match something below this folder.</summary>
    public bool CouldMatchBelow(string directory)
    {
        var parts = directory.Split('/');
        return _patterns.Any(p => !p.IsTakeBack && CouldMatchBelow(p.Parts, parts));
    }

    private static bool CouldMatchBelow(Part[] pattern, string[] directory)
    {
        for (var i = 0; i < directory.Length; i++)
        {
            if (i >= pattern.Length || pattern[i].IsAnyDepth) return true;
            if (!pattern[i].Regex.IsMatch(directory[i])) return false;
        }

        return pattern.Length > directory.Length;
    }

    /// <summary>Go's filepath.Clean, and no leading '/'.</summary>
    public static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part == ".." && parts.Count > 0 && parts[^1] != "..") parts.RemoveAt(parts.Count - 1);
            else if (part != "..") parts.Add(part);
        }

        return string.Join('/', parts);
    }

    /// <summary>A path as a pattern that matches it and nothing else: <c>[id].tsx</c> is a name, too.</summary>
    public static string Escape(string path)
    {
        var escaped = new StringBuilder(path.Length);
        foreach (var c in path)
        {
            if (c is '*' or '?' or '[' or ']' or '\\' or '^' or '!') escaped.Append('\\');
            escaped.Append(c);
        }

        return escaped.ToString();
    }

    internal static Regex ToRegex(string pattern)
    {
        // moby takes "**" + a plain rest for any path that ends so: "**.log" is a.log as well. ("**/" is the case below.)
        if (pattern.StartsWith("**", StringComparison.Ordinal) && pattern.Length > 2 && pattern.AsSpan(2).IndexOfAny("*?[]\\") < 0 && pattern[2] != '/')
        {
            return new Regex($"{Regex.Escape(pattern[2..])}\\z", RegexOptions.CultureInvariant);
        }

        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '*' && i + 1 < pattern.Length && pattern[i + 1] == '*')
            {
                i++;
                if (i + 1 < pattern.Length && pattern[i + 1] == '/') i++;
                regex.Append(i + 1 >= pattern.Length ? ".*" : "(.*/)?");
            }
            else if (c == '*') regex.Append("[^/]*");
            else if (c == '?') regex.Append("[^/]");
            else if (c == '\\' && i + 1 < pattern.Length) regex.Append(Literal(pattern[++i]));
            else if (c is '[' or ']' or '^' or '-') regex.Append(c);
            else regex.Append(Regex.Escape(c.ToString()));
        }

        try
        {
            return new Regex(regex.Append("\\z").ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline);
        }
        catch (ArgumentException)
        {
            // A broken class such as "[a" is taken by the letter.
            return new Regex($"^{Regex.Escape(pattern)}\\z", RegexOptions.CultureInvariant);
        }
    }

    /// <summary>By its number, since Regex.Escape leaves '-' and ']' as they are, and these mean something in a class.</summary>
    private static string Literal(char c) => char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"\\u{(int)c:x4}";

    private sealed record Pattern(bool IsTakeBack, Regex Regex, Part[] Parts);

    private sealed record Part(bool IsAnyDepth, Regex Regex);
}
