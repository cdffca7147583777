using System.Globalization;
using Slipway.Core.RuntimeLogs;

namespace Slipway.Store.RuntimeLogs;

/// <summary>The newest lines of several folders: no more of them are in memory than are wanted, and files that have none are not opened.</summary>
internal sealed class NewestLines(RuntimeLogQuery query, bool isByTime)
{
    private readonly PriorityQueue<RuntimeLine, (long, long)> _oldestFirst = new();
    private readonly Dictionary<long, string> _notes = [];

    public IEnumerable<RuntimeLine> Of(IReadOnlyList<(LogFolder Folder, IReadOnlyList<LogSegment> Segments)> folders, CancellationToken ct)
    {
        foreach (var (folder, segments) in folders.OrderByDescending(f => f.Segments.Count > 0 ? f.Segments[^1].WrittenAt : DateTimeOffset.MinValue)) Look(folder, segments, ct);
        var lines = new List<RuntimeLine>(_oldestFirst.Count);
        while (_oldestFirst.TryDequeue(out var line, out _))
        {
            if (_notes.TryGetValue(line.Number, out var note)) lines.Add(new(line.Number - 1, line.Deployment, line.At, RuntimeStream.Note, note));
            lines.Add(line);
        }

        return lines;
    }

    private void Look(LogFolder folder, IReadOnlyList<LogSegment> segments, CancellationToken ct)
    {
        foreach (var segment in segments.Reverse())
        {
            ct.ThrowIfCancellationRequested();
            if (IsTooOld(segment)) return;
            var (taken, first) = (0, (long?)null);
            foreach (var line in new LogPart(segment.Path, folder.Deployment, 0, segment.Length).Lines())
            {
                first ??= line.Number;
                if (IsWanted(line)) taken++;
            }

            if (segment == segments[0] && segment.FirstLine > 1 && first is { } oldest)
                _notes[oldest] = string.Create(CultureInfo.InvariantCulture, $"{segment.FirstLine - 1:N0} earlier lines were dropped: the log is kept within its budget");
            if (taken == 0) return;
        }
    }

    private bool IsTooOld(LogSegment segment) =>
        segment.WrittenAt < query.Since || (isByTime && _oldestFirst.Count >= query.Tail && _oldestFirst.TryPeek(out var oldest, out _) && segment.WrittenAt < oldest.At);

    private bool IsWanted(RuntimeLine line)
    {
        if (line.At < query.Since) return false;
        if (_oldestFirst.Count < query.Tail)
        {
            _oldestFirst.Enqueue(line, Order(line));
            return true;
        }

        return !ReferenceEquals(_oldestFirst.EnqueueDequeue(line, Order(line)), line);
    }

    private (long, long) Order(RuntimeLine line) => (isByTime ? line.At.UtcTicks : 0, line.Number);
}
