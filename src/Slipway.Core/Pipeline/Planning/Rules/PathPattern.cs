using System.Text;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>A piece of a <see cref="PathPattern"/>: text, or a group that may have a name.</summary>
/// <param name="Text">Not null: no group.</param>
/// <param name="Name">Null: it has none, only its place.</param>
/// <param name="Pattern">A regular expression; empty: the group captures nothing.</param>
/// <param name="Modifier"><c>?</c>, <c>*</c>, <c>+</c> or nothing.</param>
internal sealed record PathPart(string? Text, string? Name = null, string Prefix = "", string Suffix = "", string Pattern = "", string Modifier = "")
{
    public bool IsOptional => Modifier is "?" or "*";

    public bool Repeats => Modifier is "*" or "+";
}

/// <summary>
/// The pattern language of <c>source</c>, known as path-to-regexp 6: <c>/blog/:slug</c>, <c>:rest*</c>, <c>:id(\d+)</c>, <c>/(.*)</c>,
/// <c>/file{.:ext}?</c>. A destination is written in the same and filled instead of matched.
/// </summary>
internal sealed class PathPattern(IReadOnlyList<PathPart> parts)
{
    private const string OneSegment = "[^\\/]+?";

    public IReadOnlyList<PathPart> Parts { get; } = parts;

    /// <summary>The names of the capturing groups in order; null: without a name.</summary>
    public IEnumerable<string?> Keys => Parts.Where(p => p is { Text: null, Pattern.Length: > 0 }).Select(p => p.Name);

    /// <summary>What every match begins with.</summary>
    public string Prefix => Parts.Count > 0 ? Parts[0].Text ?? "" : "";

    /// <summary>Not null: the pattern is this text and no more.</summary>
    public string? Literal => Parts.All(p => p.Text is not null) ? string.Concat(Parts.Select(p => p.Text)) : null;

    /// <exception cref="FormatException">In words for the user.</exception>
    public static PathPattern Parse(string text)
    {
        var tokens = new PathTokens(text);
        var parts = new List<PathPart>();
        var plain = new StringBuilder();
        while (!tokens.IsAtEnd)
        {
            var letter = tokens.Take(PathToken.Char);
            var name = tokens.Take(PathToken.Name);
            var pattern = tokens.Take(PathToken.Pattern);
            if (name is not null || pattern is not null)
            {
                // A slash or a dot before a group goes and comes with it.
                var prefix = letter is "/" or "." ? letter : "";
                if (prefix.Length == 0) plain.Append(letter);
                Flush();
                parts.Add(new PathPart(null, name, prefix, "", pattern ?? OneSegment, tokens.Take(PathToken.Modifier) ?? ""));
            }
            else if ((letter ?? tokens.Take(PathToken.Escaped)) is { } one)
            {
                plain.Append(one);
            }
            else
            {
                Flush();
                parts.Add(Braces(tokens));
            }
        }

        Flush();
        return new PathPattern(parts);

        void Flush()
        {
            if (plain.Length > 0) parts.Add(new PathPart(plain.ToString()));
            plain.Clear();
        }
    }

    /// <summary>As a regular expression of JavaScript, without anchors.</summary>
    public string ToRegex() => string.Concat(Parts.Select(Regex));

    /// <summary>As a text, each named group replaced.</summary>
    /// <exception cref="FormatException">A group that is not optional has no value.</exception>
    public string Fill(IReadOnlyDictionary<string, string> values)
    {
        var filled = new StringBuilder();
        foreach (var part in Parts)
        {
            if (part.Text is { } text) filled.Append(text);
            else if (part.Name is { } name && values.TryGetValue(name, out var value)) filled.Append(part.Prefix).Append(value).Append(part.Suffix);
            else if (!part.IsOptional) throw new FormatException($"nothing says what '{part.Name ?? part.Pattern}' is");
        }

        return filled.ToString();
    }

    /// <summary>A group in braces: what stands around the name comes and goes with it.</summary>
    private static PathPart Braces(PathTokens tokens)
    {
        tokens.Demand(PathToken.Open);
        var prefix = tokens.Text();
        var name = tokens.Take(PathToken.Name);
        var pattern = tokens.Take(PathToken.Pattern);
        var suffix = tokens.Text();
        tokens.Demand(PathToken.Close);
        return new PathPart(null, name, prefix, suffix, pattern ?? (name is null ? "" : OneSegment), tokens.Take(PathToken.Modifier) ?? "");
    }

    private static string Regex(PathPart part)
    {
        if (part.Text is { } text) return Escape(text);
        var (prefix, suffix) = (Escape(part.Prefix), Escape(part.Suffix));
        if (part.Pattern.Length == 0) return $"(?:{prefix}{suffix}){part.Modifier}";
        if (prefix.Length + suffix.Length == 0) return $"({part.Pattern}){part.Modifier}";
        return part.Repeats
            ? $"(?:{prefix}((?:{part.Pattern})(?:{suffix}{prefix}(?:{part.Pattern}))*){suffix}){(part.IsOptional ? "?" : "")}"
            : $"(?:{prefix}({part.Pattern}){suffix}){part.Modifier}";
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text) escaped.Append(".+*?=^!:${}()[]|/\\".Contains(c, StringComparison.Ordinal) ? "\\" : "").Append(c);
        return escaped.ToString();
    }
}
