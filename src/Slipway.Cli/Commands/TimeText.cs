using System.Globalization;

namespace Slipway.Cli.Commands;

/// <summary>A length of time as a person writes it: <c>90s</c>, <c>5m</c>, <c>2h</c>, <c>1d</c>.</summary>
internal static class TimeText
{
    /// <summary>Null when it is none.</summary>
    public static long? Seconds(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        return text[^1] switch
        {
            's' => number,
            'm' => number * 60L,
            'h' => number * 3600L,
            'd' => number * 86_400L,
            _ => null,
        };
    }
}
