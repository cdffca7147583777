using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>What a request's path and conditions caught, for a template to be filled with.</summary>
/// <param name="Path">Groups as they stand in the path, percent-encoded as sent.</param>
/// <param name="Named">The conditions', decoded.</param>
internal readonly record struct RuleCatch(Match? Path, IReadOnlyDictionary<string, string>? Named);

/// <summary>A text with <c>$1</c> and <c>$name</c> in it, read once.</summary>
internal sealed class RuleTemplate
{
    private enum Part { Host, Path, Query }

    private readonly List<(string? Text, int Group, string? Name, Part Part)> _pieces = [];

    /// <param name="names">Those that conditions may catch.</param>
    public RuleTemplate(string text, IReadOnlyCollection<string> names)
    {
        Text = text;
        var plain = new StringBuilder();
        var part = Part.Path;
        for (var i = 0; i < text.Length; i++)
        {
            part = PartAt(text, i, part);
            var rest = text[i] == '$' ? text.AsSpan(i + 1) : default;
            var name = Longest(names, rest);
            var digits = name is null ? rest[..Math.Min(3, Digits(rest))] : default;
            if (name is null && digits.Length == 0)
            {
                plain.Append(text[i]);
                continue;
            }

            if (plain.Length > 0) _pieces.Add((plain.ToString(), 0, null, part));
            plain.Clear();
            _pieces.Add((null, digits.Length > 0 ? int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture) : 0, name, part));
            i += name?.Length ?? digits.Length;
        }

        if (plain.Length > 0) _pieces.Add((plain.ToString(), 0, null, part));
    }

    public string Text { get; }

    /// <summary>As text that stands for itself: a header's value.</summary>
    public string Fill(RuleCatch caught) => Fill(caught, static (value, _) => value);

    /// <summary>As a piece of an address: what was caught can neither choose a host, end a path nor add to a query.</summary>
    public string FillUrl(RuleCatch caught) => Fill(caught, Safe);

    private string Fill(RuleCatch caught, Func<string, Part, string> encode)
    {
        if (_pieces is [{ Text: { } only }]) return only;
        var filled = new StringBuilder();
        foreach (var (text, group, name, part) in _pieces)
        {
            if (text is not null) filled.Append(text);
            else if (name is not null) filled.Append(encode(caught.Named?.GetValueOrDefault(name) ?? "", part));
            else filled.Append(encode(caught.Path?.Groups[group].Value ?? "", part));
        }

        return filled.ToString();
    }

    private static Part PartAt(string text, int at, Part before) => (text[at], before) switch
    {
        ('/', Part.Path) when at > 1 && text[at - 1] == '/' && text[at - 2] == ':' => Part.Host,
        ('/', Part.Host) or ('#', _) => Part.Path,
        ('?', _) => Part.Query,
        _ => before,
    };

    private static string Safe(string value, Part part)
    {
        var safe = new StringBuilder(value.Length);
        foreach (var rune in value.EnumerateRunes())
        {
            var isPlain = rune.Value is > ' ' and < '\u007f' and not ('?' or '#' or '"' or '<' or '>' or '\\' or '^' or '`' or '{' or '|' or '}') && part switch
            {
                Part.Query => rune.Value is not ('&' or '+'),
                Part.Host => char.IsAsciiLetterOrDigit((char)rune.Value) || rune.Value is '-' or '.' or '_',
                _ => true,
            };
            if (isPlain) safe.Append((char)rune.Value);
            else safe.Append(Uri.EscapeDataString(rune.ToString()));
        }

        return safe.ToString();
    }

    private static string? Longest(IReadOnlyCollection<string> names, ReadOnlySpan<char> text)
    {
        string? longest = null;
        foreach (var name in names)
        {
            if (name.Length > (longest?.Length ?? 0) && text.StartsWith(name, StringComparison.Ordinal)) longest = name;
        }

        return longest;
    }

    private static int Digits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : text.Length;
}
