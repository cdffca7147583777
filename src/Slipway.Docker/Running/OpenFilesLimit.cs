using System.Globalization;

namespace Slipway.Docker.Running;

/// <summary>How many open files this host allows at most; null when it can't be seen.</summary>
internal static class OpenFilesLimit
{
    public static long? OfHost()
    {
        try
        {
            return Parse(File.ReadLines("/proc/self/limits"));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary><c>Max open files            1024                 20000                files</c></summary>
    internal static long? Parse(IEnumerable<string> lines)
    {
        var words = lines.FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal))?
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not [_, _, _, _, var hard, ..]) return null;
        return hard == "unlimited" ? long.MaxValue : long.TryParse(hard, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
