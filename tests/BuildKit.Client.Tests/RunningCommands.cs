namespace BuildKit.Client.Tests;

/// <summary>What runs on this machine, in containers too.</summary>
internal static class RunningCommands
{
    public static bool Any(string words) => Directory.EnumerateDirectories("/proc").Any(p =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(p), out _) && File.ReadAllText($"{p}/cmdline").Replace('\0', ' ').Contains(words, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });
}
