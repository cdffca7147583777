using System.Globalization;
using Slipway.Core.Hosting;

namespace Slipway.Host.Cgroups;

/// <summary>Version 1 counts processor time in <c>cpuacct</c> and memory in <c>memory</c>, version 2 both in one folder.</summary>
internal sealed class CgroupReader(CgroupTree tree, string processes = "/proc") : ICgroupReader
{
    // Version 1 says "no limit" by a number near the largest there is.
    private const long NoLimit = 1L << 60;

    public CgroupUse? Read(long process, string container)
    {
        if (process <= 0) return null;
        try
        {
            var groups = File.ReadAllLines(Path.Combine(processes, process.ToString(CultureInfo.InvariantCulture), "cgroup"));
            return tree.IsUnified
                ? Folder(groups, "", container) is { } one ? Unified(one) : null
                : Folder(groups, "cpuacct", container) is { } cpu && Folder(groups, "memory", container) is { } memory ? Apart(cpu, memory) : null;
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    private static CgroupUse Unified(string folder) => new(
        Named(folder, "cpu.stat", "usage_usec") / 1e6,
        Math.Max(0, Number(folder, "memory.current") - Named(folder, "memory.stat", "inactive_file")),
        Text(folder, "memory.max") is var limit && limit == "max" ? null : long.Parse(limit, CultureInfo.InvariantCulture));

    private static CgroupUse Apart(string cpu, string memory) => new(
        Number(cpu, "cpuacct.usage") / 1e9,
        Math.Max(0, Number(memory, "memory.usage_in_bytes") - Named(memory, "memory.stat", "total_inactive_file")),
        Number(memory, "memory.limit_in_bytes") is var limit && limit >= NoLimit ? null : limit);

    /// <summary><c>4:cpu,cpuacct:/docker/3f…</c>, in version 2 <c>0::/system.slice/docker-3f….scope</c>. Its name must be the container's.</summary>
    private string? Folder(string[] groups, string controller, string container)
    {
        foreach (var line in groups)
        {
            if (line.Split(':', 3) is not [_, var controllers, ['/', .. var path]] || !(controller.Length == 0 ? controllers.Length == 0 : controllers.Split(',').Contains(controller))) continue;
            return path.Contains(container, StringComparison.Ordinal) && GroupPath.IsContainer(path) ? tree.Folder(controller, path) : null;
        }

        return null;
    }

    private static string Text(string folder, string file) => File.ReadAllText(Path.Combine(folder, file)).Trim();

    private static long Number(string folder, string file) => long.Parse(Text(folder, file), CultureInfo.InvariantCulture);

    private static long Named(string folder, string file, string name)
    {
        foreach (var line in File.ReadLines(Path.Combine(folder, file)))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ' ') return long.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture);
        }

        return 0;
    }
}
