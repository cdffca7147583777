using System.Globalization;

namespace Slipway.Core.Pipeline.Building;

/// <summary>Bytes in words: <c>4 GiB</c>, <c>1.5 GiB</c>, <c>512 MiB</c>.</summary>
public static class Size
{
    public static string Of(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / (1L << 30):0.#} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(bytes, 0) >> 20} MiB");
}
