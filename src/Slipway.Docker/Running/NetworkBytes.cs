using System.Globalization;

namespace Slipway.Docker.Running;

/// <summary>What went over the network of a process's namespace, its own loopback left out.</summary>
internal static class NetworkBytes
{
    public static (long Received, long Sent)? Read(long process)
    {
        try
        {
            return Parse(File.ReadLines($"/proc/{process}/net/dev"));
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary><c>eth0: 1234 5 0 0 0 0 0 0 5678 …</c>: the first number is what came, the ninth what went. Pure.</summary>
    internal static (long Received, long Sent) Parse(IEnumerable<string> lines)
    {
        var (received, sent) = (0L, 0L);
        foreach (var line in lines)
        {
            if (line.Split(':', 2) is not [var name, var text] || name.Trim() == "lo") continue;
            var numbers = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length < 9 || !long.TryParse(numbers[0], CultureInfo.InvariantCulture, out var came) || !long.TryParse(numbers[8], CultureInfo.InvariantCulture, out var went)) continue;
            (received, sent) = (received + came, sent + went);
        }

        return (received, sent);
    }
}
