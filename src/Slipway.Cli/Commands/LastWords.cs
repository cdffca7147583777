using Slipway.Client;

namespace Slipway.Cli.Commands;

/// <summary>What programs said last, by step: steps run beside each other, and the failing one is known only at the end.</summary>
internal sealed class LastWords
{
    private const int Kept = 20;
    private readonly Dictionary<string, Queue<string>> _byStep = new(StringComparer.Ordinal);
    private string _latest = "";

    public void Add(LogLineView line, string text)
    {
        if (line.Stream == "system") return;
        _latest = line.Step ?? "";
        if (!_byStep.TryGetValue(_latest, out var lines)) _byStep[_latest] = lines = new Queue<string>();
        lines.Enqueue(text);
        if (lines.Count > Kept) lines.Dequeue();
    }

    /// <param name="failedStep">As the failure names it: the log's step with its command (<c>[build 2/2] RUN npm run build</c>).</param>
    public IReadOnlyCollection<string> Of(string? failedStep)
    {
        var step = _byStep.Keys.Where(s => s.Length > 0 && failedStep?.Contains(s, StringComparison.Ordinal) == true).MaxBy(s => s.Length) ?? _latest;
        return _byStep.TryGetValue(step, out var lines) ? lines : [];
    }
}
