using System.Text.RegularExpressions;

namespace Slipway.Docker.BaseImages;

/// <summary>
/// npm's range syntax as <c>engines</c> uses it: <c>22</c>, <c>20.x</c>, <c>^22.12</c>, <c>~20.9.1</c>, <c>&gt;=20.9 &lt;23</c>,
/// <c>18 - 20</c>, <c>^20.17 || &gt;=22.9</c>, <c>*</c>.
/// </summary>
internal sealed partial class VersionRange
{
    private static readonly ReleaseVersion Ceiling = new(int.MaxValue, 0, 0);

    // Alternatives of half-open intervals: from (inclusive) to (exclusive).
    private readonly List<(ReleaseVersion From, ReleaseVersion To)> _alternatives = [];

    private VersionRange() { }

    public static bool TryParse(string? text, out VersionRange range)
    {
        range = new();
        foreach (var alternative in (text ?? "").Split("||"))
        {
            if (Interval(alternative.Trim()) is not { } interval) return false;
            range._alternatives.Add(interval);
        }
        return true;
    }

    public bool Contains(ReleaseVersion version) =>
        _alternatives.Any(a => version.CompareTo(a.From) >= 0 && version.CompareTo(a.To) < 0);

    private static (ReleaseVersion, ReleaseVersion)? Interval(string text)
    {
        if (text.Length == 0) return (default, Ceiling);
        if (Hyphen().Match(text) is { Success: true } hyphen)
            text = $">={hyphen.Groups[1].Value} <={hyphen.Groups[2].Value}";

        ReleaseVersion from = default, to = Ceiling;
        var end = 0;
        foreach (Match match in Comparator().Matches(text))
        {
            // Anything between two comparators is something we do not understand; guessing would pick a wrong version.
            if (text[end..match.Index].Trim().Length > 0) return null;
            end = match.Index + match.Length;

            if (Bounds(match) is not var (low, high)) return null;
            if (low.CompareTo(from) > 0) from = low;
            if (high.CompareTo(to) < 0) to = high;
        }
        return text[end..].Trim().Length == 0 ? (from, to) : null;
    }

    private static (ReleaseVersion Low, ReleaseVersion High)? Bounds(Match match)
    {
        if (!Part(match, "major", out var major) || !Part(match, "minor", out var minor) || !Part(match, "patch", out var patch))
            return null;

        var floor = new ReleaseVersion(major ?? 0, minor ?? 0, patch ?? 0);
        var next = After(major, minor, patch);
        return match.Groups["op"].Value switch
        {
            "" or "=" => (floor, next),
            ">=" => (floor, Ceiling),
            ">" => (next, Ceiling),
            "<" => (default, floor),
            "<=" => (default, next),
            "~" => (floor, After(major, minor, null)),
            "^" => (floor, Caret(major, minor, patch)),
            _ => null,
        };
    }

    /// <summary>The first version that a partial one no longer covers: 22 → 23.0.0, 22.1 → 22.2.0.</summary>
    private static ReleaseVersion After(int? major, int? minor, int? patch) => (major, minor, patch) switch
    {
        (null, _, _) => Ceiling,
        ({ } x, null, _) => new(x + 1, 0, 0),
        ({ } x, { } y, null) => new(x, y + 1, 0),
        ({ } x, { } y, { } z) => new(x, y, z + 1),
    };

    private static ReleaseVersion Caret(int? major, int? minor, int? patch) => (major, minor, patch) switch
    {
        (0, 0, { }) => After(0, 0, patch),
        (0, { }, _) => After(0, minor, null),
        _ => After(major, null, null),
    };

    private static bool Part(Match match, string name, out int? number)
    {
        number = null;
        var text = match.Groups[name].Value;
        if (text is "" or "x" or "X" or "*") return true;
        var isNumber = ReleaseVersion.TryNumber(text, out var value);
        number = value;
        return isNumber && value < int.MaxValue;
    }

    [GeneratedRegex(@"^\s*(\S+)\s+-\s+(\S+)\s*$")]
    private static partial Regex Hyphen();

    [GeneratedRegex(@"(?<op>[<>]=?|[=~^])?\s*v?(?<major>[0-9]+|[xX*])(\.(?<minor>[0-9]+|[xX*]))?(\.(?<patch>[0-9]+|[xX*]))?(?=\s|$)")]
    private static partial Regex Comparator();
}
