using System.Text;

namespace Slipway.Core.Pipeline.Planning.Dockerfiles;

/// <summary>A word as written, and where it is in its instruction's text.</summary>
internal readonly record struct DockerfileWord(string Raw, int Start)
{
    public int End => Start + Raw.Length;
}

/// <summary>Words of an instruction, by Docker's rules for quotes and escapes.</summary>
internal static class DockerfileWords
{
    public static IEnumerable<DockerfileWord> Split(string text, int from, char escape)
    {
        var at = from;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
            if (at >= text.Length) yield break;
            var start = at;
            char? quote = null;
            for (; at < text.Length && (quote is not null || !char.IsWhiteSpace(text[at])); at++)
            {
                var c = text[at];
                // Nothing is escaped between single quotes.
                if (c == escape && quote != '\'') at++;
                else if (quote is null && c is '\'' or '"') quote = c;
                else if (c == quote) quote = null;
            }

            at = Math.Min(at, text.Length);
            yield return new(text[start..at], start);
        }
    }

    /// <summary>The leading <c>--flag</c> words.</summary>
    public static IEnumerable<DockerfileWord> Flags(DockerfileInstruction instruction, char escape) =>
        Split(instruction.Text, instruction.Arguments, escape).TakeWhile(word => word.Raw.StartsWith("--", StringComparison.Ordinal) && word.Raw.Length > 2);

    public static string Unquote(string raw, char escape)
    {
        var text = new StringBuilder();
        char? quote = null;
        for (var i = 0; i < raw.Length; i++)
        {
            var c = raw[i];
            if (c == escape && quote != '\'' && i + 1 < raw.Length) text.Append(raw[++i]);
            else if (quote is null && c is '\'' or '"') quote = c;
            else if (c == quote) quote = null;
            else text.Append(c);
        }

        return text.ToString();
    }

    /// <summary>Replaces <c>$X</c>, <c>${X}</c>, <c>${X:-default}</c> and <c>${X:+other}</c>; a name not known becomes nothing.</summary>
    public static string Expand(string raw, IReadOnlyDictionary<string, string> variables, char escape)
    {
        var text = new StringBuilder();
        var isSingle = false;
        for (var i = 0; i < raw.Length; i++)
        {
            var c = raw[i];
            if (c == '\'') isSingle = !isSingle;
            if (c == escape && !isSingle && i + 1 < raw.Length) text.Append(c).Append(raw[++i]);
            else if (c != '$' || isSingle || i + 1 == raw.Length) text.Append(c);
            else i = Variable(raw, i + 1, variables, escape, text);
        }

        return text.ToString();
    }

    /// <summary>Appends the value of the variable named at <paramref name="at"/>; returns the index of its last character.</summary>
    private static int Variable(string raw, int at, IReadOnlyDictionary<string, string> variables, char escape, StringBuilder text)
    {
        var isBraced = raw[at] == '{';
        var start = isBraced ? at + 1 : at;
        var end = start;
        while (end < raw.Length && (char.IsAsciiLetterOrDigit(raw[end]) || raw[end] == '_')) end++;
        var value = variables.GetValueOrDefault(raw[start..end]);
        if (!isBraced)
        {
            text.Append(end == start ? "$" : value);
            return end - 1;
        }

        var close = raw.IndexOf('}', end);
        if (close < 0) close = raw.Length;
        var modifier = raw[end..close];
        text.Append(modifier switch
        {
            [':', '-', .. var other] => string.IsNullOrEmpty(value) ? Expand(other, variables, escape) : value,
            ['-', .. var other] => value ?? Expand(other, variables, escape),
            [':', '+', .. var other] => string.IsNullOrEmpty(value) ? "" : Expand(other, variables, escape),
            _ => value,
        });
        return Math.Min(close, raw.Length - 1);
    }
}
