using System.Text;
using Slipway.Core.Pipeline.Planning.Dockerfiles;

namespace Slipway.Core.Pipeline.Building;

/// <summary>Changes to a Dockerfile's text, by place; everything else stays as it was, to the character.</summary>
internal sealed class DockerfileEdits(string original)
{
    private readonly List<(int Start, int End, string Text)> _edits = [];

    /// <summary>Replaces a range of the instruction's text.</summary>
    public void Replace(DockerfileInstruction instruction, int start, int end, string text)
    {
        var (from, to) = instruction.InFile(start, end);
        _edits.Add((from, to, text));
    }

    /// <summary>Inserts behind the character before <paramref name="index"/>, so before a continuation that follows it.</summary>
    public void Insert(DockerfileInstruction instruction, int index, string text)
    {
        var at = instruction.InFile(index - 1, index).End;
        _edits.Add((at, at, text));
    }

    /// <summary>Inserts a line before the one that begins there.</summary>
    public void InsertLine(int at, string line)
    {
        var breaksBefore = at > 0 && original[at - 1] != '\n' ? "\n" : "";
        _edits.Add((at, at, $"{breaksBefore}{line}\n"));
    }

    public string Apply()
    {
        var text = new StringBuilder();
        var done = 0;
        // Stable: what was inserted first at a place stays first.
        foreach (var (start, end, replacement) in _edits.OrderBy(e => e.Start))
        {
            text.Append(original, done, start - done).Append(replacement);
            done = end;
        }

        return text.Append(original, done, original.Length - done).ToString();
    }
}
