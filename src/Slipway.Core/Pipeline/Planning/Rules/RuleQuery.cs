namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>Queries as text: what was sent stays as it was sent.</summary>
internal static class RuleQuery
{
    /// <summary>The last one's of a key, decoded; null when there is none.</summary>
    public static string? Value(string query, string key)
    {
        string? found = null;
        foreach (var pair in Pairs(query))
        {
            if (KeyOf(pair) == key) found = pair.IndexOf('=') is >= 0 and var equals ? Decoded(pair[(equals + 1)..]) : "";
        }

        return found;
    }

    /// <summary>The first's pairs, then those of the second that it has no key of.</summary>
    public static string Join(string first, string second)
    {
        if (first.TrimStart('?').Length == 0) return second.TrimStart('?').Length == 0 ? "" : second;
        var known = Pairs(first).Select(KeyOf).ToHashSet(StringComparer.Ordinal);
        var others = Pairs(second).Where(pair => !known.Contains(KeyOf(pair)));
        return string.Join('&', others.Prepend(first));
    }

    private static string[] Pairs(string query) => query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries);

    private static string KeyOf(string pair) => Decoded(pair.IndexOf('=') is >= 0 and var equals ? pair[..equals] : pair);

    private static string Decoded(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
