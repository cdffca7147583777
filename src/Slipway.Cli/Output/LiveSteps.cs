namespace Slipway.Cli.Output;

/// <summary>The build steps that run right now, each with its time and what it said last.</summary>
internal sealed class LiveSteps(TimeProvider time)
{
    /// <summary>More would push what is above off a small screen.</summary>
    private const int Shown = 6;

    private readonly List<Running> _running = [];

    public void Begin(string step, string name)
    {
        End(step);
        _running.Add(new Running(step, name, time.GetTimestamp()));
    }

    public void Say(string? step, string text)
    {
        if (text.Length > 0 && _running.Find(r => r.Step == step) is { } running) running.Last = text;
    }

    public void End(string step) => _running.RemoveAll(r => r.Step == step);

    public void Clear() => _running.Clear();

    /// <summary>One row a step, no wider than <paramref name="width"/>: its head, and its time and last words.</summary>
    public IEnumerable<(string Head, string Tail)> Rows(int width)
    {
        foreach (var r in _running.Take(Shown))
        {
            var took = Words.Duration(time.GetElapsedTime(r.Since));
            var head = Cut(r.Name, Math.Max(10, width / 2));
            yield return (head, Cut($"{took}  {r.Last}".TrimEnd(), Math.Max(10, width - head.Length - 2)));
        }

        if (_running.Count > Shown) yield return ("", $"and {_running.Count - Shown} more");
    }

    public static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    private sealed class Running(string step, string name, long since)
    {
        public string Step => step;

        public string Name => name;

        public long Since => since;

        public string Last { get; set; } = "";
    }
}
