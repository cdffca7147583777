using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>
/// A rule's destination with its names replaced by <c>$1</c> (the source's first group) or <c>$name</c> (a condition's), which is what
/// <see cref="RuleTemplate"/> fills for a request.
/// </summary>
internal sealed partial record Destination(string Origin, string Path, string Query, string Hash)
{
    /// <summary>Takes it apart: <c>https://host:8080</c>, path, <c>?query</c>, <c>#hash</c>.</summary>
    public static Destination Split(string text)
    {
        var parts = Parts().Match(text);
        return new Destination(parts.Groups["origin"].Value, parts.Groups["path"].Value, parts.Groups["query"].Value, parts.Groups["hash"].Value);
    }

    /// <param name="values">Each name and what stands for it.</param>
    /// <param name="isRewrite">One that uses no name in its path has all names added to its query.</param>
    /// <exception cref="FormatException">In words for the user.</exception>
    public static string Fill(string destination, IReadOnlyDictionary<string, string> values, bool isRewrite)
    {
        if (!isRewrite && values.Count == 0) return destination;
        var parts = Split(destination);
        var isUsed = values.Keys.Any(name => parts.NamesOutsideQuery().Contains(name));
        var path = Compiled(parts.Path.Length == 0 && parts.Origin.Length > 0 ? "/" : parts.Path, values);
        var query = Pairs(parts.Query).Select(pair => KeyValuePair.Create(pair.Key, Compiled(pair.Value, values))).ToList();
        if (isRewrite && !isUsed) query.AddRange(values.Where(v => query.All(pair => pair.Key != v.Key)));
        return parts.Scheme() + Compiled(parts.Host(), values) + path + Joined(query) + Compiled(parts.Hash, values);
    }

    /// <summary>The names that it uses.</summary>
    public IEnumerable<string> Names() => NamesOutsideQuery().Concat(Pairs(Query).SelectMany(pair => NamesOf(pair.Value)));

    private IEnumerable<string> NamesOutsideQuery() => new[] { Host(), Path, Hash }.SelectMany(NamesOf);

    private string Scheme() => Origin[..(Origin.IndexOf("//", StringComparison.Ordinal) is >= 0 and var slashes ? slashes + 2 : 0)];

    private string Host() => Origin[Scheme().Length..];

    private static IEnumerable<string> NamesOf(string text)
    {
        try
        {
            return PathPattern.Parse(Port().Replace(text, "")).Parts.Select(p => p.Name).OfType<string>();
        }
        catch (FormatException)
        {
            // Text that happens to look like a pattern: filled by Spared.
            return [];
        }
    }

    /// <summary>As a pattern; what is none has only its names replaced, and all other signs are meant as they are.</summary>
    private static string Compiled(string text, IReadOnlyDictionary<string, string> values)
    {
        if (text.Length == 0) return text;
        var port = Port().Match(text);
        var plain = port.Success ? text[..port.Index] : text;
        try
        {
            return PathPattern.Parse(plain).Fill(values) + port.Value;
        }
        catch (FormatException)
        {
            return Spared(plain, values) + port.Value;
        }
    }

    /// <summary>For a header: names are replaced where they stand, nothing else is special.</summary>
    internal static string Spared(string text, IReadOnlyDictionary<string, string> values)
    {
        var pattern = new StringBuilder("/");
        for (var i = 0; i < text.Length; i++)
        {
            var name = text[i] == ':' ? values.Keys.Where(key => StartsWithName(text.AsSpan(i + 1), key)).MaxBy(key => key.Length) : null;
            if (name is null)
            {
                pattern.Append(":*?+(){}\\".Contains(text[i], StringComparison.Ordinal) ? "\\" : "").Append(text[i]);
                continue;
            }

            pattern.Append(':').Append(name);
            i += name.Length;
            if (i + 1 < text.Length && text[i + 1] is '*' or '?' or '+') pattern.Append(text[++i]);
        }

        return PathPattern.Parse(pattern.ToString()).Fill(values)[1..];
    }

    private static bool StartsWithName(ReadOnlySpan<char> text, string name) =>
        text.StartsWith(name, StringComparison.Ordinal) && (text.Length == name.Length || !PathNames.Letters.Contains(text[name.Length]));

    private static List<KeyValuePair<string, string>> Pairs(string query)
    {
        var pairs = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).Select(pair => KeyValuePair.Create(Decoded(pair[0]), pair.Length > 1 ? Decoded(pair[1]) : ""));
        // Those of one key stand together, where the first of them stood.
        return [.. pairs.GroupBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(group => group)];
    }

    private static string Joined(IReadOnlyCollection<KeyValuePair<string, string>> query) =>
        query.Count == 0 ? "" : "?" + string.Join('&', query.Select(pair => $"{Encoded(pair.Key)}={Encoded(pair.Value)}"));

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static string Encoded(string text) => Kept().Replace(Uri.EscapeDataString(text), sign => Uri.UnescapeDataString(sign.Value));

    [GeneratedRegex(@"^(?<origin>[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*|)(?<path>[^?#]*)(?<query>(?:\?[^#]*)?)(?<hash>(?:#.*)?)$", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Parts();

    [GeneratedRegex(@":[0-9]+\z")]
    private static partial Regex Port();

    // The dollar is ours, the others are harmless.
    [GeneratedRegex("%(24|21|27|28|29|2A)")]
    private static partial Regex Kept();
}
