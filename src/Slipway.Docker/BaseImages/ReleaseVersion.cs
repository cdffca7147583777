using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Slipway.Docker.BaseImages;

/// <summary>A released version. Pre-releases are not parsed: nobody gets one without asking for exactly that.</summary>
internal readonly record struct ReleaseVersion(int Major, int Minor, int Patch) : IComparable<ReleaseVersion>
{
    public static bool TryParse([NotNullWhen(true)] string? text, out ReleaseVersion version)
    {
        version = default;
        if (text is null || text.Split('.') is not [var major, var minor, var patch]) return false;
        if (!TryNumber(major, out var x) || !TryNumber(minor, out var y) || !TryNumber(patch, out var z)) return false;
        version = new(x, y, z);
        return true;
    }

    public static ReleaseVersion? Newest(IEnumerable<string> published, VersionRange range)
    {
        ReleaseVersion? newest = null;
        foreach (var text in published)
            if (TryParse(text, out var version) && range.Contains(version) && (newest is null || version.CompareTo(newest.Value) > 0))
                newest = version;
        return newest;
    }

    public int CompareTo(ReleaseVersion other) =>
        (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public override string ToString() => $"{Major}.{Minor}.{Patch}";

    internal static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
