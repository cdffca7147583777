using System.Text;

namespace Slipway.Core.Pipeline.Planning.Rules;

internal enum PathToken { Char, Escaped, Name, Pattern, Modifier, Open, Close }

/// <summary>A path pattern's words, taken from the front.</summary>
internal sealed class PathTokens
{
    private readonly List<(PathToken Kind, string Value, int At)> _tokens = [];
    private readonly string _text;
    private int _next;

    /// <exception cref="FormatException">In words for the user.</exception>
    public PathTokens(string text)
    {
        _text = text;
        for (var at = 0; at < text.Length;)
        {
            var (kind, value, length) = text[at] switch
            {
                '*' or '+' or '?' => (PathToken.Modifier, text[at].ToString(), 1),
                '\\' => (PathToken.Escaped, at + 1 < text.Length ? text[at + 1].ToString() : throw Wrong("it ends in a backslash", at), 2),
                '{' => (PathToken.Open, "{", 1),
                '}' => (PathToken.Close, "}", 1),
                ':' => Name(at),
                '(' => Pattern(at),
                var other => (PathToken.Char, other.ToString(), 1),
            };
            _tokens.Add((kind, value, at));
            at += length;
        }
    }

    public bool IsAtEnd => _next == _tokens.Count;

    /// <summary>The next word if it is of a kind, else null.</summary>
    public string? Take(PathToken kind) => !IsAtEnd && _tokens[_next].Kind == kind ? _tokens[_next++].Value : null;

    public void Demand(PathToken kind)
    {
        if (Take(kind) is not null) return;
        var found = IsAtEnd ? "its end" : $"'{_tokens[_next].Value}'";
        throw Wrong(kind == PathToken.Open ? $"{found} stands for something special here; put a backslash before it if it is meant as it is" : $"a '{{' is not closed before {found}", IsAtEnd ? _text.Length : _tokens[_next].At);
    }

    /// <summary>What is plain text.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        while ((Take(PathToken.Char) ?? Take(PathToken.Escaped)) is { } one) text.Append(one);
        return text.ToString();
    }

    private (PathToken, string, int) Name(int at)
    {
        var end = at + 1;
        while (end < _text.Length && (char.IsAsciiLetterOrDigit(_text[end]) || _text[end] == '_')) end++;
        return end == at + 1 ? throw Wrong("a ':' has no name behind it", at) : (PathToken.Name, _text[(at + 1)..end], end - at);
    }

    private (PathToken, string, int) Pattern(int at)
    {
        if (at + 1 < _text.Length && _text[at + 1] == '?') throw Wrong("a '(' is followed by '?'; put another pair of brackets around it", at);
        var depth = 1;
        for (var i = at + 1; i < _text.Length; i++)
        {
            if (_text[i] == '\\')
            {
                i++;
            }
            else if (_text[i] == '(')
            {
                depth++;
                if (i + 1 >= _text.Length || _text[i + 1] != '?') throw Wrong("brackets within brackets must begin with '?:'", i);
            }
            else if (_text[i] == ')' && --depth == 0)
            {
                return i == at + 1 ? throw Wrong("a pair of brackets is empty", at) : (PathToken.Pattern, _text[(at + 1)..i], i - at + 1);
            }
        }

        throw Wrong("a '(' is not closed", at);
    }

    private static FormatException Wrong(string what, int at) => new($"{what} (at character {at + 1})");
}
