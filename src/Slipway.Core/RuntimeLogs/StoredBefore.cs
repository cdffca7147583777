using Slipway.Core.Pipeline.Running;

namespace Slipway.Core.RuntimeLogs;

/// <summary>
/// The last lines of a log, which come a second time when reading begins anew. The engine's two pipes have a clock each, so that a line may
/// come a little after one that is later: the overlap is longer than one moment. Each pipe's own lines keep their order and their times.
/// </summary>
public sealed class StoredBefore
{
    /// <summary>How far before the last line reading begins.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<(DateTimeOffset At, bool IsError), int> _there = [];

    /// <param name="last">The log's last lines, at least those of the overlap.</param>
    public StoredBefore(IReadOnlyCollection<RuntimeLine> last)
    {
        if (last.Count == 0) return;
        After = last.Max(line => line.At) - Overlap;
        foreach (var line in last.Where(line => line.At > After))
            _there[(line.At, line.Stream == RuntimeStream.Err)] = _there.GetValueOrDefault((line.At, line.Stream == RuntimeStream.Err)) + 1;
    }

    public DateTimeOffset? After { get; }

    /// <summary>True once for each line that is there.</summary>
    public bool Has(OutputLine line)
    {
        if (_there.Count == 0 || !_there.TryGetValue((line.At, line.IsError), out var times)) return false;
        if (times == 1) _there.Remove((line.At, line.IsError));
        else _there[(line.At, line.IsError)] = times - 1;
        return true;
    }
}
