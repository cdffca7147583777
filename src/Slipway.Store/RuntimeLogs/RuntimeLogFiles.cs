using System.Buffers;
using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.RuntimeLogs;
using Slipway.Core.Signals;

namespace Slipway.Store.RuntimeLogs;

/// <summary>
/// The log as files in a folder for each deployment below one for its project. The newest file grows; when it has an eighth of the budget the
/// next is begun, and the oldest goes when there would be too many. A line's number is the microsecond in which it was stored, and one more
/// than the last at least.
/// </summary>
internal sealed class RuntimeLogFiles(string root, long deploymentBytes, long totalBytes, TimeProvider time) : IRuntimeLog
{
    private const int SegmentsEach = 8;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private readonly Lock _one = new();
    private readonly Doorbell<ProjectId> _bell = new();
    private Dictionary<DeploymentId, LogFolder>? _folders;
    private long _bytes;
    private long _lastNumber;

    private long SegmentBytes => Math.Max(1, deploymentBytes / SegmentsEach);

    public IRuntimeLogWriter Open(ProjectId project, DeploymentId deployment)
    {
        lock (_one)
        {
            if (!Folders.TryGetValue(deployment, out var folder)) Folders[deployment] = folder = new LogFolder(root, project, deployment);
            return new Writer(this, folder, new StoredBefore(LastLines(folder)));
        }
    }

    public Task<IReadOnlyList<RuntimeLine>> ReadAsync(RuntimeLogQuery query, CancellationToken ct) =>
        Task.Run<IReadOnlyList<RuntimeLine>>(() => [.. new NewestLines(query, isByTime: true).Of(Snapshot(query).Folders, ct)], ct);

    public async IAsyncEnumerable<RuntimeLine> FollowAsync(RuntimeLogQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        using var listener = _bell.Listen(query.Project);
        var places = new Dictionary<LogFolder, (long FirstLine, long Offset)>();
        var after = query.After ?? -1;
        if (query.After is null)
        {
            var (last, there) = Snapshot(query);
            foreach (var (folder, parts) in there) places[folder] = EndOf(folder, parts);
            foreach (var line in await Task.Run(() => new NewestLines(query, isByTime: false).Of(there, ct), ct)) yield return line;
            after = last;
        }

        while (true)
        {
            var news = News(query, places, ref after);
            foreach (var line in Merge(news.Parts, news.After)) yield return line;
            if (news.Parts.Count == 0) await listener.WaitAsync(LookAgain, time, ct);
            ct.ThrowIfCancellationRequested();
        }
    }

    public IReadOnlyList<DeploymentId> List()
    {
        lock (_one) return [.. Folders.Keys];
    }

    public void Remove(DeploymentId deployment)
    {
        lock (_one)
        {
            if (!Folders.Remove(deployment, out var folder)) return;
            folder.IsRemoved = true;
            _bytes -= folder.Bytes;
            if (Directory.Exists(folder.Path)) Directory.Delete(folder.Path, recursive: true);
            if (Path.GetDirectoryName(folder.Path) is { } project && Directory.Exists(project) && !Directory.EnumerateFileSystemEntries(project).Any()) Directory.Delete(project);
        }
    }

    private Dictionary<DeploymentId, LogFolder> Folders => _folders ??= Load();

    private Dictionary<DeploymentId, LogFolder> Load()
    {
        var found = new Dictionary<DeploymentId, LogFolder>();
        foreach (var file in Directory.Exists(root) ? new DirectoryInfo(root).EnumerateFiles(LogSegment.Pattern, SearchOption.AllDirectories) : [])
        {
            if (!StrongId.TryParse<DeploymentId>(file.Directory?.Name, out var deployment) || !StrongId.TryParse<ProjectId>(file.Directory?.Parent?.Name, out var project) || LogSegment.Of(file) is not { } segment) continue;
            if (!found.TryGetValue(deployment, out var folder)) found[deployment] = folder = new LogFolder(root, project, deployment);
            folder.Segments.Add(segment);
            _bytes += segment.Length;
            _lastNumber = Math.Max(_lastNumber, segment.FirstNumber);
        }

        foreach (var folder in found.Values) folder.Segments.Sort((a, b) => a.FirstLine.CompareTo(b.FirstLine));
        return found;
    }

    /// <summary>Those of the two newest files; a line that was cut off when the machine went down is taken away, and comes again whole.</summary>
    private List<RuntimeLine> LastLines(LogFolder folder)
    {
        if (folder.Segments is not [.., var newest]) return [];
        var lines = folder.Segments.TakeLast(2).SkipLast(1).SelectMany(s => new LogPart(s.Path, folder.Deployment, 0, s.Length).Lines()).ToList();
        var before = newest.Length;
        using (var file = File.OpenHandle(newest.Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            newest.Length = WholeLines(file);
            if (newest.Length < RandomAccess.GetLength(file)) RandomAccess.SetLength(file, newest.Length);
        }

        _bytes += newest.Length - before;
        newest.Lines = 0;
        foreach (var line in new LogPart(newest.Path, folder.Deployment, 0, newest.Length).Lines())
        {
            lines.Add(line);
            newest.Lines++;
            _lastNumber = Math.Max(_lastNumber, line.Number);
        }

        return lines;
    }

    private static long WholeLines(Microsoft.Win32.SafeHandles.SafeFileHandle file)
    {
        var buffer = new byte[4096];
        for (var end = RandomAccess.GetLength(file); end > 0;)
        {
            var begin = Math.Max(0, end - buffer.Length);
            var got = RandomAccess.Read(file, buffer.AsSpan(0, (int)(end - begin)), begin);
            if (buffer.AsSpan(0, got).LastIndexOf((byte)'\n') is var last and >= 0) return begin + last + 1;
            end = begin;
        }

        return 0;
    }

    private void Append(LogFolder folder, IEnumerable<OutputLine> lines)
    {
        lock (_one)
        {
            if (folder.IsRemoved) return;
            var bytes = new ArrayBufferWriter<byte>();
            var count = 0;
            foreach (var line in lines)
            {
                if (folder.Segments is [.., var full] && full.Length + bytes.WrittenCount >= SegmentBytes)
                {
                    Write(folder, full, bytes, ref count);
                    folder.Segments.Add(new LogSegment(folder.Path, full.FirstLine + full.Lines, NextNumber(peek: true)));
                }
                else if (folder.Segments.Count == 0)
                {
                    folder.Segments.Add(new LogSegment(folder.Path, 1, NextNumber(peek: true)));
                }

                LogRecord.Write(bytes, NextNumber(), line);
                count++;
            }

            if (count > 0) Write(folder, folder.Segments[^1], bytes, ref count);
            DropOld(folder);
        }

        _bell.Ring(folder.Project);
    }

    private long NextNumber(bool peek = false)
    {
        var next = Math.Max(_lastNumber + 1, (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        if (!peek) _lastNumber = next;
        return next;
    }

    private void Write(LogFolder folder, LogSegment segment, ArrayBufferWriter<byte> bytes, ref int count)
    {
        if (segment.Length == 0) Directory.CreateDirectory(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using (var file = File.OpenHandle(segment.Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) RandomAccess.Write(file, bytes.WrittenSpan, segment.Length);
        segment.Length += bytes.WrittenCount;
        segment.Lines += count;
        segment.WrittenAt = time.GetUtcNow();
        _bytes += bytes.WrittenCount;
        bytes.Clear();
        count = 0;
    }

    private void DropOld(LogFolder written)
    {
        while (written.Segments.Count > 1 && written.Bytes > deploymentBytes) Drop(written);
        while (_bytes > totalBytes && Folders.Values.Where(f => f.Segments.Count > 1).MinBy(f => f.Segments[0].WrittenAt) is { } oldest) Drop(oldest);
    }

    private void Drop(LogFolder folder)
    {
        _bytes -= folder.Segments[0].Length;
        folder.DropOldest();
    }

    private (long Last, IReadOnlyList<(LogFolder Folder, IReadOnlyList<LogSegment> Segments)> Folders) Snapshot(RuntimeLogQuery query)
    {
        lock (_one)
        {
            var folders = Wanted(query).Select(f => (f, (IReadOnlyList<LogSegment>)[.. f.Segments.Select(s => new LogSegment(f.Path, s.FirstLine, s.FirstNumber) { Length = s.Length, Lines = s.Lines, WrittenAt = s.WrittenAt })])).ToList();
            return (_lastNumber, folders);
        }
    }

    private IEnumerable<LogFolder> Wanted(RuntimeLogQuery query) => query.Deployment is { } id
        ? Folders.TryGetValue(id, out var folder) && folder.Project == query.Project ? [folder] : []
        : Folders.Values.Where(f => f.Project == query.Project);

    private static (long FirstLine, long Offset) EndOf(LogFolder folder, IReadOnlyList<LogSegment> segments) => segments is [.., var last] ? (last.FirstLine, last.Length) : folder.End;

    /// <summary>What was written since, in each folder apart; all lines up to the last number of now.</summary>
    private (IReadOnlyList<IReadOnlyList<LogPart>> Parts, long After) News(RuntimeLogQuery query, Dictionary<LogFolder, (long FirstLine, long Offset)> places, ref long after)
    {
        lock (_one)
        {
            var parts = new List<IReadOnlyList<LogPart>>();
            foreach (var folder in Wanted(query))
            {
                var place = places.TryGetValue(folder, out var known) ? known : folder.PlaceAfter(after);
                if (folder.Parts(place) is { Count: > 0 } some) parts.Add(some);
                places[folder] = folder.End;
            }

            var before = after;
            after = Math.Max(after, _lastNumber);
            return (parts, before);
        }
    }

    private static IEnumerable<RuntimeLine> Merge(IReadOnlyList<IReadOnlyList<LogPart>> folders, long after)
    {
        var heads = new PriorityQueue<IEnumerator<RuntimeLine>, long>();
        foreach (var lines in folders.Select(parts => parts.SelectMany(part => part.Lines()).Where(line => line.Number > after).GetEnumerator()))
        {
            if (lines.MoveNext()) heads.Enqueue(lines, lines.Current.Number);
        }

        while (heads.TryDequeue(out var lines, out _))
        {
            yield return lines.Current;
            if (lines.MoveNext()) heads.Enqueue(lines, lines.Current.Number);
            else lines.Dispose();
        }
    }

    private sealed class Writer(RuntimeLogFiles files, LogFolder folder, StoredBefore before) : IRuntimeLogWriter
    {
        public DateTimeOffset? After => before.After;

        public void Append(IReadOnlyList<OutputLine> lines) => files.Append(folder, lines.Where(line => !before.Has(line)));
    }
}
