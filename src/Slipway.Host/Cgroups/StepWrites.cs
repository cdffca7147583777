using System.Collections.Concurrent;
using System.Globalization;

namespace Slipway.Host.Cgroups;

/// <summary>
/// What the steps of one build wrote, by the kernel's own account of each process. A process that was waited for is part of its
/// parent's account from then on, so the sum over those that live has the dead in it; the greatest sum that was seen of a step is
/// kept, as it is missing for a moment between a process's end and its parent's wait, and for good when the step has ended.
/// </summary>
internal sealed class StepWrites(CgroupTree tree)
{
    private readonly ConcurrentDictionary<string, long> _steps = new(StringComparer.Ordinal);

    public void Begin(string cgroup) => _steps.TryAdd(cgroup, 0);

    public long Count()
    {
        foreach (var (cgroup, before) in _steps)
        {
            var now = tree.Processes(cgroup).Sum(OfProcess);
            if (now > before) _steps[cgroup] = now;
        }

        return _steps.Values.Sum();
    }

    /// <summary><c>/proc/PID/io</c> → bytes that reached, or will reach, a disk. Pure.</summary>
    public static long In(string account)
    {
        var values = account.Split('\n').Select(line => line.Split(": ")).Where(words => words.Length == 2)
            .ToDictionary(words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        return values.GetValueOrDefault("write_bytes") - values.GetValueOrDefault("cancelled_write_bytes");
    }

    /// <summary>0 when it is gone.</summary>
    private static long OfProcess(int process)
    {
        try
        {
            return In(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/io")));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
