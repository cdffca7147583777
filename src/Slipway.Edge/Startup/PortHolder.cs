using System.Globalization;

namespace Slipway.Edge.Startup;

/// <summary>Finds who listens on a port by reading /proc; a guess for an error message, so whatever cannot be read is skipped.</summary>
internal static class PortHolder
{
    private const string Listening = "0A";

    private static readonly string[] _tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary><c>nginx (pid 812)</c>, or null when it cannot be told.</summary>
    public static string? Find(int port)
    {
        try
        {
            var sockets = _tables
                .Where(File.Exists).SelectMany(File.ReadLines).Select(line => InodeOf(line, port)).OfType<string>()
                .Select(inode => $"socket:[{inode}]").ToHashSet(StringComparer.Ordinal);
            return sockets.Count == 0 ? null : Directory.EnumerateDirectories("/proc").Select(p => Describe(p, sockets)).FirstOrDefault(d => d is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
    private static string? InodeOf(string line, int port)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 9 && fields[3] == Listening && fields[1].Split(':') is [_, var hex] &&
            int.TryParse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var local) && local == port
                ? fields[9]
                : null;
    }

    private static string? Describe(string process, HashSet<string> sockets)
    {
        if (!int.TryParse(Path.GetFileName(process), out var pid))
        {
            return null;
        }

        try
        {
            var holds = Directory.EnumerateFiles(Path.Combine(process, "fd"))
                .Any(fd => new FileInfo(fd).LinkTarget is { } target && sockets.Contains(target));
            return holds ? $"{File.ReadAllText(Path.Combine(process, "comm")).Trim()} (pid {pid})" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
