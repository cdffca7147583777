using System.Globalization;
using System.Text.RegularExpressions;

namespace BuildKit.Client;

/// <summary>Finds the place in a Dockerfile that an error speaks of. Pure.</summary>
internal static partial class DockerfileLocator
{
    /// <param name="line">Told by the daemon; null: read it out of the message.</param>
    public static SourceLocation? Find(string message, string file, string dockerfile, int? line)
    {
        var lines = dockerfile.ReplaceLineEndings("\n").Split('\n');
        line ??= TellsLine().Match(message) is { Success: true } m ? int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : LineOfQuoted(message, lines);
        if (line is not { } number || number < 1 || number > lines.Length) return null;
        var text = lines[number - 1];
        return new SourceLocation(file, number, ColumnOf(message, text), text);
    }

    /// <summary>Old daemons say only <c>failed to parse stage name "a b"</c>: the one line that has the words.</summary>
    private static int? LineOfQuoted(string message, string[] lines)
    {
        foreach (Match quoted in Quoted().Matches(message))
        {
            var hits = Enumerable.Range(1, lines.Length).Where(n => lines[n - 1].Contains(quoted.Groups[1].Value, StringComparison.Ordinal)).ToList();
            if (hits.Count == 1) return hits[0];
        }

        return null;
    }

    /// <summary>The first of the message's words that is in the line: <c>unknown instruction: NONSENSE</c>.</summary>
    private static int ColumnOf(string message, string text)
    {
        var said = TellsLine().Match(message) is { Success: true } m ? message[(m.Index + m.Length)..] : message;
        foreach (Match word in Words().Matches(said))
        {
            var found = Regex.Match(text, $@"(?<!\w){Regex.Escape(word.Value)}(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
            if (found.Success) return found.Index + 1;
        }

        return text.Length - text.TrimStart().Length + 1;
    }

    // 20.10 says "line 2:", later ones "on line 2:".
    [GeneratedRegex(@"dockerfile parse error (?:on )?line (\d+):", RegexOptions.IgnoreCase)]
    private static partial Regex TellsLine();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[\w./@-]*\w[\w./@-]*(?<![.])")]
    private static partial Regex Words();
}
