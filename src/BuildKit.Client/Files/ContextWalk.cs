using System.Text;

namespace BuildKit.Client.Files;

/// <summary>
/// The entries that the daemon wants, in its order: depth first, parents before children, siblings by the bytes of their names.
/// A folder that is not wanted itself is given late, before the first wanted thing below it.
/// </summary>
internal sealed class ContextWalk(IContextSource source, IReadOnlyList<string> include, IReadOnlyList<string> exclude)
{
    private readonly PatternMatcher _include = new(include);
    private readonly PatternMatcher _exclude = new(exclude);
    private readonly List<ContextEntry> _pending = [];

    public IEnumerable<ContextEntry> Entries() => Below("", null, null);

    private IEnumerable<ContextEntry> Below(string directory, bool[]? includedBy, bool[]? excludedBy)
    {
        foreach (var entry in Sorted(source.List(directory)))
        {
            var included = _include.Match(entry.Path, includedBy);
            var excluded = _exclude.Match(entry.Path, excludedBy);
            var isWanted = (_include.IsEmpty || included.Matched) && !excluded.Matched;
            if (isWanted)
            {
                foreach (var parent in _pending) yield return parent;
                _pending.Clear();
                yield return entry;
            }

            if (!entry.IsDirectory || !MayHoldWanted(entry.Path, included.Matched, excluded.Matched)) continue;
            if (!isWanted) _pending.Add(entry);
            foreach (var below in Below(entry.Path, included.PerPattern, excluded.PerPattern)) yield return below;
            if (!isWanted) _pending.Remove(entry);
        }
    }

    private bool MayHoldWanted(string path, bool isIncluded, bool isExcluded) =>
        (_include.IsEmpty || isIncluded || _include.CouldMatchBelow(path)) && (!isExcluded || _exclude.MayTakeBackBelow(path));

    private static IEnumerable<ContextEntry> Sorted(IReadOnlyList<ContextEntry> entries) =>
        entries.OrderBy(e => Encoding.UTF8.GetBytes(e.Path), ByteOrder.Instance);

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static readonly ByteOrder Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
