namespace Slipway.Cli.Output;

/// <summary>A build, a commit or an app may hold what moves the cursor, colours, or answers for the terminal; here a line is a line.</summary>
internal static class PlainText
{
    public static string Of(string text)
    {
        if (!text.Any(c => char.IsControl(c) && c != '\t')) return text;
        var clean = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\u001b')
            {
                i = AfterEscape(text, i);
                continue;
            }

            if (!char.IsControl(text[i]) || text[i] == '\t') clean.Append(text[i]);
        }

        return clean.ToString();
    }

    /// <returns>The index of the sequence's last character.</returns>
    private static int AfterEscape(string text, int at)
    {
        if (at + 1 >= text.Length) return at;
        if (text[at + 1] == '[')
        {
            for (var i = at + 2; i < text.Length; i++)
            {
                if (text[i] is >= '@' and <= '~') return i;
            }

            return text.Length - 1;
        }

        if (text[at + 1] != ']') return at + 1;
        for (var i = at + 2; i < text.Length; i++)
        {
            if (text[i] == '\u0007') return i;
            if (text[i] == '\u001b' && i + 1 < text.Length && text[i + 1] == '\\') return i + 1;
        }

        return text.Length - 1;
    }
}
