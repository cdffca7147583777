using System.Globalization;

namespace Slipway.Core.Pipeline.Running;

/// <summary>Which statuses mean that an instance is up.</summary>
public sealed class ExpectedStatus
{
    private const int MaxRanges = 20;
    private readonly IReadOnlyList<(int From, int To)> _ranges;

    private ExpectedStatus(string text, IReadOnlyList<(int From, int To)> ranges) => (Text, _ranges) = (text, ranges);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    public bool Includes(int status) => _ranges.Any(r => r.From <= status && status <= r.To);

    /// <summary><c>200</c>, <c>200-399</c>, <c>200,301-308</c>; null for what names none.</summary>
    public static ExpectedStatus? Parse(string text)
    {
        var ranges = new List<(int, int)>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', StringSplitOptions.TrimEntries);
            if (ends.Length > 2 || Number(ends[0]) is not { } from || Number(ends[^1]) is not { } to || to < from) return null;
            ranges.Add((from, to));
        }

        return ranges.Count > MaxRanges ? null : new ExpectedStatus(text, ranges);
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 100 and <= 599 ? number : null;
}
