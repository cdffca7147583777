using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.Core.Pipeline.Planning.Node;

/// <summary>
/// npm's range syntax as a set of half-open intervals, so that ranges can be intersected; pre-release labels are ignored.
/// Versions are <see cref="Version"/>s of three parts.
/// </summary>
internal sealed partial class SemverRange
{
    private static readonly Version Zero = new(0, 0, 0);
    private static readonly Version Ceiling = new(int.MaxValue, 0, 0);

    private readonly IReadOnlyList<(Version From, Version To)> _intervals;

    private SemverRange(IReadOnlyList<(Version, Version)> intervals) => _intervals = intervals;

    /// <summary>The least version in it; null when it is empty.</summary>
    public Version? Floor => _intervals.Count == 0 ? null : _intervals.Min(i => i.From);

    public bool IsEmpty => _intervals.Count == 0;

    public static SemverRange Major(int major) => new([(new(major, 0, 0), new(major + 1, 0, 0))]);

    /// <summary>Null when it is no range: a tag such as <c>latest</c>, a URL, <c>workspace:*</c>.</summary>
    public static SemverRange? Parse(string text)
    {
        var intervals = new List<(Version, Version)>();
        foreach (var alternative in text.Split("||"))
        {
            if (!TryInterval(alternative.Trim(), out var from, out var to)) return null;
            if (from < to) intervals.Add((from, to));
        }

        return new(intervals);
    }

    public bool Contains(Version version) => _intervals.Any(i => version >= i.From && version < i.To);

    public SemverRange Intersect(SemverRange other) => new(
        [.. from a in _intervals
            from b in other._intervals
            let low = a.From > b.From ? a.From : b.From
            let high = a.To < b.To ? a.To : b.To
            where low < high
            orderby low
            select (low, high)]);

    /// <summary>A short way to say it that npm reads the same.</summary>
    public override string ToString() => string.Join(" || ", _intervals.Select(Print));

    private static string Print((Version From, Version To) interval)
    {
        var (from, to) = interval;
        return to == Ceiling ? from == Zero ? "*" : $">={from}"
            : from.Minor == 0 && from.Build == 0 && to == new Version(from.Major + 1, 0, 0) ? $"{from.Major}"
            : to == new Version(from.Major, from.Minor, from.Build + 1) ? $"{from}"
            : from == Zero ? $"<{to}"
            : $">={from} <{to}";
    }

    private static bool TryInterval(string text, out Version from, out Version to)
    {
        (from, to) = (Zero, Ceiling);
        if (Hyphen().Match(text) is { Success: true } hyphen) text = $">={hyphen.Groups[1].Value} <={hyphen.Groups[2].Value}";
        foreach (var word in Operator().Replace(text, "$1").Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Bounds(Comparator().Match(word)) is not var (low, high)) return false;
            if (low > from) from = low;
            if (high < to) to = high;
        }

        return true;
    }

    private static (Version Low, Version High)? Bounds(Match match)
    {
        if (!match.Success) return null;
        int? major = Number(match, "major"), minor = major is null ? null : Number(match, "minor"), patch = minor is null ? null : Number(match, "patch");
        var floor = new Version(major ?? 0, minor ?? 0, patch ?? 0);
        var after = After(major, minor, patch);
        return match.Groups["op"].Value switch
        {
            "" or "=" => (floor, after),
            ">=" => (floor, Ceiling),
            ">" => (after, Ceiling),
            "<" => (Zero, floor),
            "<=" => (Zero, after),
            "~" or "~>" => (floor, After(major, minor, null)),
            "^" when major == 0 && minor is not null => (floor, minor == 0 && patch is not null ? after : After(0, minor, null)),
            "^" => (floor, After(major, null, null)),
            _ => null,
        };
    }

    /// <summary>The first version that a partial one does not cover: 22 → 23.0.0.</summary>
    private static Version After(int? major, int? minor, int? patch) => (major, minor, patch) switch
    {
        (null, _, _) => Ceiling,
        ({ } x, null, _) => new(x + 1, 0, 0),
        ({ } x, { } y, null) => new(x, y + 1, 0),
        ({ } x, { } y, { } z) => new(x, y, z + 1),
    };

    private static int? Number(Match match, string part) =>
        int.TryParse(match.Groups[part].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"^(\S+)\s+-\s+(\S+)$")]
    private static partial Regex Hyphen();

    [GeneratedRegex(@"(>=|<=|>|<|=|~>|~|\^)\s+")]
    private static partial Regex Operator();

    [GeneratedRegex(@"^(?<op>>=|<=|>|<|=|~>|~|\^)?v?(?<major>[0-9]{1,8}|[xX*])(\.(?<minor>[0-9]{1,8}|[xX*]))?(\.(?<patch>[0-9]{1,8}|[xX*]))?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$")]
    private static partial Regex Comparator();
}
