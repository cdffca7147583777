namespace Slipway.Cli.Sources;

/// <summary>git's glob: '*' and '?' stay within a name, '**' between slashes crosses them, '[a-z]' and '[[:alpha:]]' are sets, '\' takes the next literally.</summary>
internal static class Wildmatch
{
    private enum Result { No, Yes, Hopeless }

    public static bool IsMatch(string glob, string text) => Match(glob, 0, text, 0) == Result.Yes;

    private static Result Match(string glob, int g, string text, int t)
    {
        for (; g < glob.Length; g++, t++)
        {
            var c = glob[g];
            if (t == text.Length && c != '*') return Result.Hopeless;
            switch (c)
            {
                case '*':
                    return Star(glob, g, text, t);
                case '?':
                    if (text[t] == '/') return Result.No;
                    break;
                case '[':
                    var end = Set(glob, g, text[t], out var isIn);
                    if (end < 0 || !isIn || text[t] == '/') return Result.No;
                    g = end;
                    break;
                case '\\' when g + 1 < glob.Length:
                    if (glob[++g] != text[t]) return Result.No;
                    break;
                case '\\':
                    return Result.Hopeless;
                default:
                    if (c != text[t]) return Result.No;
                    break;
            }
        }

        return t == text.Length ? Result.Yes : Result.No;
    }

    private static Result Star(string glob, int g, string text, int t)
    {
        var first = g;
        while (g < glob.Length && glob[g] == '*') g++;
        var crossesSlashes = g - first >= 2 && (first == 0 || glob[first - 1] == '/') && (g == glob.Length || glob[g] == '/');
        // "**/" also stands for no folder at all.
        if (crossesSlashes && g < glob.Length && Match(glob, g + 1, text, t) == Result.Yes) return Result.Yes;
        if (g == glob.Length) return crossesSlashes || text.IndexOf('/', t) < 0 ? Result.Yes : Result.No;
        for (; t <= text.Length; t++)
        {
            var rest = Match(glob, g, text, t);
            // What fails for want of text fails for every shorter rest too: without this, "*a*a*a*a" takes exponential time.
            if (rest != Result.No) return rest;
            if (t < text.Length && text[t] == '/' && !crossesSlashes) return Result.No;
        }

        return Result.Hopeless;
    }

    /// <returns>The index of the closing bracket, or -1 when the set is never closed.</returns>
    private static int Set(string glob, int g, char c, out bool isIn)
    {
        isIn = false;
        var at = g + 1;
        var isNegated = at < glob.Length && glob[at] is '!' or '^';
        if (at < glob.Length && glob[at] is '!' or '^') at++;
        for (var isFirst = true; at < glob.Length; isFirst = false, at++)
        {
            if (glob[at] == ']' && !isFirst)
            {
                isIn ^= isNegated;
                return at;
            }

            if (glob.AsSpan(at).StartsWith("[:", StringComparison.Ordinal) && glob.IndexOf(":]", at + 2, StringComparison.Ordinal) is var close and > 0)
            {
                isIn |= IsInClass(glob.AsSpan(at + 2, close - at - 2), c);
                at = close + 1;
                continue;
            }

            if (glob[at] == '\\' && ++at == glob.Length) return -1;
            var low = glob[at];
            var high = low;
            if (at + 2 < glob.Length && glob[at + 1] == '-' && glob[at + 2] != ']')
            {
                at += 2;
                if (glob[at] == '\\' && ++at == glob.Length) return -1;
                high = glob[at];
            }

            isIn |= c >= low && c <= high;
        }

        return -1;
    }

    private static bool IsInClass(ReadOnlySpan<char> name, char c) => name switch
    {
        "alnum" => char.IsAsciiLetterOrDigit(c),
        "alpha" => char.IsAsciiLetter(c),
        "digit" => char.IsAsciiDigit(c),
        "lower" => char.IsAsciiLetterLower(c),
        "upper" => char.IsAsciiLetterUpper(c),
        "xdigit" => char.IsAsciiHexDigit(c),
        "blank" => c is ' ' or '\t',
        "space" => c is ' ' or (>= '\t' and <= '\r'),
        "punct" => c is > ' ' and < (char)127 && !char.IsAsciiLetterOrDigit(c),
        "cntrl" => c is < ' ' or (char)127,
        "graph" => c is > ' ' and < (char)127,
        "print" => c is >= ' ' and < (char)127,
        _ => false,
    };
}
