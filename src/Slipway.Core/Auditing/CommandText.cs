namespace Slipway.Core.Auditing;

/// <summary>A command as it is written down: for people to read, never to be run. Pure.</summary>
public static class CommandText
{
    private const string Masked = "***";

    /// <summary>Values shorter than this are masked only as a whole word: a secret "1" must not turn <c>ls -1</c> into a riddle that tells it.</summary>
    private const int ShortestInside = 4;

    /// <summary>
    /// The words with the secrets' values masked wherever they are in one. A value that was encoded or cut into several words is not known again.
    /// </summary>
    public static IReadOnlyList<string> Mask(IReadOnlyList<string> words, IEnumerable<Secret> secrets)
    {
        // The longest first: one value may hold another.
        var values = secrets.Select(s => s.Reveal().Trim()).Where(v => v.Length > 0).Distinct().OrderByDescending(v => v.Length).ToList();
        return [.. words.Select(word => values.Aggregate(word, Without))];
    }

    /// <summary>In one line; words that would run together are quoted, and what is not to be seen becomes a blank.</summary>
    public static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Without(string word, string value) =>
        word == value ? Masked : value.Length < ShortestInside ? word : word.Replace(value, Masked, StringComparison.Ordinal);

    private static string Quote(string word)
    {
        var seen = word.Any(char.IsControl) ? string.Concat(word.Select(c => char.IsControl(c) ? ' ' : c)) : word;
        return seen.Length > 0 && !seen.Any(c => char.IsWhiteSpace(c) || c is '\'' or '"') ? seen : $"'{seen.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
