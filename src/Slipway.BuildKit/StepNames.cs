namespace Slipway.BuildKit;

/// <summary>
/// Each step's name for the margin of a log: <c>[build 3/5] RUN npm ci</c> becomes <c>build 3/5</c>. It is the step's identity in
/// the log, so the second of two that would have the same gets a number.
/// </summary>
internal sealed class StepNames
{
    private const int Max = 40;
    private readonly Dictionary<string, string> _byDigest = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public string Of(string digest, string name)
    {
        if (_byDigest.TryGetValue(digest, out var known)) return known;
        var plain = Short(name);
        var own = plain;
        for (var n = 2; !_taken.Add(own); n++) own = $"{plain} ({n})";
        return _byDigest[digest] = own;
    }

    private static string Short(string name)
    {
        if (name.StartsWith('[') && name.IndexOf(']', StringComparison.Ordinal) is > 1 and var end && !name.StartsWith("[internal]", StringComparison.Ordinal)) return name[1..end].Trim();
        return name.Length <= Max ? name : name[..Max] + "…";
    }
}
