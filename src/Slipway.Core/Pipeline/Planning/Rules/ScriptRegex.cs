using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>
/// JavaScript's regular expressions, in which rules are written, on .NET's. Where they need no looking around they run in linear time;
/// the others, which can go astray, have <see cref="Limit"/>.
/// </summary>
internal static class ScriptRegex
{
    /// <summary>How long one look may take: a thousand times what one takes that does not go astray.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>For a whole text.</summary>
    /// <param name="keepsNames">Else groups have their places only, counted as JavaScript does.</param>
    /// <exception cref="FormatException">In words for the user.</exception>
    public static Regex Compile(string pattern, bool keepsNames)
    {
        var text = $@"\A(?:{Translate(pattern, keepsNames)})\z";
        try
        {
            return Linear(text) ?? new Regex(text, RegexOptions.CultureInvariant, Limit);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"it is no regular expression: {e.Message}", e);
        }
    }

    private static Regex? Linear(string text)
    {
        try
        {
            return new Regex(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    private static string Translate(string pattern, bool keepsNames)
    {
        var text = new StringBuilder(pattern.Length + 16);
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\') text.Append(Escape(pattern, ref i, isInSet: false));
            else if (c == '[') Set(pattern, ref i, text);
            else if (c == '(') text.Append(Group(pattern, ref i, keepsNames));
            else if (c == '$') text.Append(@"\z");
            else text.Append(c);
        }

        return text.ToString();
    }

    private static string Group(string pattern, ref int i, bool keepsNames)
    {
        var rest = pattern.AsSpan(i + 1);
        if (!rest.StartsWith('?')) return "(";
        foreach (var known in new[] { "?:", "?=", "?!", "?<=", "?<!" })
        {
            if (!rest.StartsWith(known, StringComparison.Ordinal)) continue;
            i += known.Length;
            return $"({known}";
        }

        var end = rest.IndexOf('>');
        if (!rest.StartsWith("?<", StringComparison.Ordinal) || end < 3 || rest[2..end].ContainsAnyExcept(PathNames.Letters)) throw new FormatException($"'({rest[..Math.Min(2, rest.Length)]}' begins no group that is known here");
        i += end + 1;
        return keepsNames ? $"(?<{rest[2..end]}>" : "(";
    }

    private static void Set(string pattern, ref int i, StringBuilder text)
    {
        var start = i++;
        var isNegated = i < pattern.Length && pattern[i] == '^';
        if (isNegated) i++;
        var inside = new StringBuilder();
        for (; i < pattern.Length && pattern[i] != ']'; i++)
        {
            if (pattern[i] == '\\') inside.Append(Escape(pattern, ref i, isInSet: true));
            // .NET would subtract what stands in a second bracket.
            else inside.Append(pattern[i] == '[' ? @"\[" : pattern[i]);
        }

        if (i >= pattern.Length) throw new FormatException($"it is no regular expression: the '[' at character {start + 1} is not closed");
        // Empty ones are none to .NET: nothing, and everything.
        if (inside.Length == 0) text.Append(isNegated ? @"[\s\S]" : "(?!)");
        else text.Append(isNegated ? "[^" : "[").Append(inside).Append(']');
    }

    /// <summary>Classes of ASCII, as in JavaScript; what escapes nothing is itself.</summary>
    private static string Escape(string pattern, ref int i, bool isInSet)
    {
        if (++i >= pattern.Length) throw new FormatException("it is no regular expression: it ends in a backslash");
        return (pattern[i], isInSet) switch
        {
            ('d', true) => "0-9",
            ('w', true) => "A-Za-z0-9_",
            ('d', false) => "[0-9]",
            ('w', false) => "[A-Za-z0-9_]",
            ('D', false) => "[^0-9]",
            ('W', false) => "[^A-Za-z0-9_]",
            ('b' or 'D' or 'W' or 's' or 'S' or 'n' or 'r' or 't' or 'f' or 'v' or 'x' or 'u' or 'c' or '0', _) or ('B' or (>= '1' and <= '9'), false) => $"\\{pattern[i]}",
            ('-' or ']' or '^', true) => $"\\{pattern[i]}",
            ('k', false) => throw new FormatException(@"it is no regular expression that is known here: '\k' is not"),
            (var c, true) => c is '\\' or '[' ? $"\\{c}" : c.ToString(),
            var (c, _) => Regex.Escape(c.ToString()),
        };
    }
}
