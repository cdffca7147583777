using System.Globalization;

namespace EndToEnd.Tests.Bounded;

/// <summary>The cgroups of the engine's RUN steps, read from outside: a test lets nothing loose before it has read its limit back.</summary>
internal sealed class StepCgroups(string parent)
{
    private const string Root = "/sys/fs/cgroup";

    private static bool IsUnified { get; } = File.Exists($"{Root}/cgroup.controllers");

    /// <summary>The step in which a process has this text in its arguments; null: none.</summary>
    public string? StepOf(string argument) => Directory.Exists(Folder("memory", "")) ? Directory.EnumerateDirectories(Folder("memory", "")).Select(Path.GetFileName).OfType<string>().FirstOrDefault(step => Has(step, argument)) : null;

    public (long Memory, long Processes) Limits(string step) =>
        (Number(Folder("memory", step), IsUnified ? "memory.max" : "memory.limit_in_bytes"), Number(Folder("pids", step), "pids.max"));

    /// <summary>Processes of the whole machine that have this text in their arguments.</summary>
    public static IReadOnlyList<int> Processes(string argument) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => name is [>= '0' and <= '9', ..]).Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).Where(pid => Arguments(pid).Contains(argument, StringComparison.Ordinal))];

    public static string Arguments(int pid) => Read($"/proc/{pid}/cmdline").Replace('\0', ' ');

    private static bool Has(IEnumerable<int> processes, string argument) => processes.Any(pid => Arguments(pid).Contains(argument, StringComparison.Ordinal));

    private bool Has(string step, string argument) => Has(
        Read(Path.Combine(Folder("memory", step), "cgroup.procs")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture)), argument);

    private string Folder(string controller, string step) => Path.Combine(Root, IsUnified ? "" : controller, parent, step);

    private static long Number(string folder, string file) => long.TryParse(Read(Path.Combine(folder, file)), CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
