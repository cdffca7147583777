using Slipway.Cli.CommandLine;
using System.Text;

namespace Slipway.Cli.Variables;

/// <summary>
/// Reads <c>.env</c> text: <c>NAME=value</c> a line, an <c>export</c> in front, comments, 'single' quotes (as they stand), "double" quotes
/// (over many lines; \n \r \t \" \\ \$ mean what they say). Nothing is expanded: <c>$OTHER</c> stays as it is.
/// </summary>
internal static class DotEnvFile
{
    /// <exception cref="CliError">Names the line.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string text)
    {
        text = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var order = new List<string>();
        var at = 0;
        while (at < text.Length)
        {
            var end = LineEnd(text, at);
            var line = text[at..end].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                at = end + 1;
                continue;
            }

            var (name, value, next) = Assignment(text, at, end);
            if (!found.ContainsKey(name)) order.Add(name);
            // As a shell would have it, the last one wins.
            found[name] = value;
            at = next;
        }

        return [.. order.Select(name => KeyValuePair.Create(name, found[name]))];
    }

    private static (string Name, string Value, int Next) Assignment(string text, int start, int end)
    {
        var equals = text.IndexOf('=', start, end - start);
        if (equals < 0) throw Bad(text, start, "has no '='");
        var name = text[start..equals].Trim();
        if (name.StartsWith("export ", StringComparison.Ordinal)) name = name[7..].Trim();
        if (Core.Projects.EnvironmentVariable.CheckName(name) is { } bad) throw Bad(text, start, bad.Message);
        var at = equals + 1;
        while (at < end && text[at] is ' ' or '\t') at++;
        if (at < end && text[at] is '"' or '\'')
        {
            var (value, after) = Quoted(text, at);
            var stop = LineEnd(text, after);
            var rest = text[after..stop].Trim();
            return rest.Length == 0 || rest[0] == '#' ? (name, value, stop + 1) : throw Bad(text, start, "goes on after the closing quote");
        }

        var plain = text[at..end];
        var comment = plain.IndexOf(" #", StringComparison.Ordinal);
        if (plain.StartsWith('#')) comment = 0;
        return (name, (comment < 0 ? plain : plain[..comment]).Trim(), end + 1);
    }

    private static (string Value, int After) Quoted(string text, int open)
    {
        var quote = text[open];
        var value = new StringBuilder();
        for (var at = open + 1; at < text.Length; at++)
        {
            var c = text[at];
            if (c == quote) return (value.ToString(), at + 1);
            if (quote == '"' && c == '\\' && at + 1 < text.Length)
            {
                at++;
                value.Append(text[at] switch { 'n' => "\n", 'r' => "\r", 't' => "\t", '"' => "\"", '\\' => "\\", '$' => "$", '\n' => "", var other => "\\" + other });
                continue;
            }

            value.Append(c);
        }

        throw Bad(text, open, $"has no closing {quote}");
    }

    private static int LineEnd(string text, int at) => text.IndexOf('\n', at) is var end and >= 0 ? end : text.Length;

    /// <summary>Never repeats the line itself: it may hold a secret.</summary>
    private static CliError Bad(string text, int at, string why) =>
        CliError.Usage("env.file_invalid", $"line {text.AsSpan(0, at).Count('\n') + 1} of the file {why}", "file", "write NAME=value, NAME='value' or NAME=\"value\" on each line");
}
