using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline.Planning.Dockerfiles;

/// <summary>
/// Splits a Dockerfile as BuildKit does: <c># escape=</c>, continued lines, comments within them, heredocs. It judges nothing;
/// what it cannot make sense of is an instruction with an unknown keyword.
/// </summary>
internal sealed partial class DockerfileReader
{
    private readonly string _text;
    private int _at;

    private DockerfileReader(string text) => _text = text;

    /// <summary>The escape character: <c>\</c>, or <c>`</c> by directive.</summary>
    public char Escape { get; private set; } = '\\';

    public IReadOnlyList<DockerfileInstruction> Instructions { get; private set; } = [];

    public static DockerfileReader Read(string text)
    {
        var reader = new DockerfileReader(text);
        reader.ReadDirectives();
        reader.ReadInstructions();
        return reader;
    }

    private void ReadDirectives()
    {
        var at = _text.StartsWith('\uFEFF') ? 1 : 0;
        _at = at;
        while (at < _text.Length)
        {
            var (line, next) = LineAt(at);
            if (Directive().Match(line) is not { Success: true } match) return;
            if (match.Groups[1].Value.Equals("escape", StringComparison.OrdinalIgnoreCase) && match.Groups[2].Value is "`") Escape = '`';
            at = next;
        }
    }

    private void ReadInstructions()
    {
        var instructions = new List<DockerfileInstruction>();
        while (_at < _text.Length)
        {
            var (line, next) = LineAt(_at);
            if (IsBlank(line) || IsComment(line)) _at = next;
            else instructions.Add(ReadInstruction());
        }

        Instructions = instructions;
    }

    private DockerfileInstruction ReadInstruction()
    {
        var text = new List<char>();
        var positions = new List<int>();
        var continues = true;
        while (continues && _at < _text.Length)
        {
            var (line, next) = LineAt(_at);
            if (text.Count > 0 && (IsComment(line) || IsBlank(line)))
            {
                _at = next;
                continue;
            }

            var length = Continuation(line);
            continues = length >= 0;
            for (var i = 0; i < (continues ? length : line.Length); i++)
            {
                text.Add(line[i]);
                positions.Add(_at + i);
            }

            _at = next;
        }

        var joined = new string([.. text]);
        SkipHeredocs(joined);
        var match = Head().Match(joined);
        return new(match.Groups[1].Value.ToUpperInvariant(), joined, match.Length, positions, _at);
    }

    /// <summary>The line without its continuation; -1 when it is not continued. A doubled escape is not one.</summary>
    private int Continuation(string line)
    {
        var trimmed = line.TrimEnd(' ', '\t');
        return trimmed.EndsWith(Escape) && !(trimmed.Length > 1 && trimmed[^2] == Escape) ? trimmed.Length - 1 : -1;
    }

    private void SkipHeredocs(string instruction)
    {
        if (!TakesHeredocs().IsMatch(instruction)) return;
        foreach (var word in DockerfileWords.Split(instruction, 0, Escape))
        {
            if (Heredoc().Match(word.Raw) is not { Success: true } match) continue;
            var name = DockerfileWords.Unquote(match.Groups["name"].Value, Escape);
            var isIndented = match.Groups["dash"].Length > 0;
            while (_at < _text.Length)
            {
                var (line, next) = LineAt(_at);
                _at = next;
                if ((isIndented ? line.TrimStart('\t') : line) == name) break;
            }
        }
    }

    private (string Line, int Next) LineAt(int at)
    {
        var end = _text.IndexOf('\n', at);
        if (end < 0) return (_text[at..].TrimEnd('\r'), _text.Length);
        return (_text[at..(end > at && _text[end - 1] == '\r' ? end - 1 : end)], end + 1);
    }

    private static bool IsBlank(string line) => string.IsNullOrWhiteSpace(line);

    private static bool IsComment(string line) => line.AsSpan().TrimStart() is ['#', ..];

    [GeneratedRegex(@"^\s*#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*$")]
    private static partial Regex Directive();

    [GeneratedRegex(@"^\s*(\S*)\s*")]
    private static partial Regex Head();

    [GeneratedRegex(@"^\s*(ONBUILD\s+)?(RUN|COPY|ADD)\s", RegexOptions.IgnoreCase)]
    private static partial Regex TakesHeredocs();

    [GeneratedRegex(@"^[0-9]*<<(?<dash>-?)(?<name>[^<]+)$")]
    private static partial Regex Heredoc();
}
