using System.Text.RegularExpressions;
using Slipway.Core.Hosting;

namespace Slipway.Host.Cgroups;

/// <summary>A record of the kernel's log → which cgroup ran into which limit. Pure.</summary>
internal static partial class KernelWord
{
    /// <returns>The last part of the cgroup's path; null: the record speaks of something else.</returns>
    public static (string Name, StepLimit Limit)? Of(string record)
    {
        if (Fork().Match(record) is { Success: true } fork) return (fork.Groups[1].Value, StepLimit.Processes);
        return Memory().Match(record) is { Success: true } memory ? (memory.Groups[1].Value, StepLimit.Memory) : null;
    }

    [GeneratedRegex(@";cgroup: fork rejected by pids controller in /(?:[^\n]*/)?([^/\n]+)")]
    private static partial Regex Fork();

    [GeneratedRegex(@";oom-kill:constraint=CONSTRAINT_MEMCG[^\n]*,task_memcg=/(?:[^,\n]*/)?([^/,\n]+),")]
    private static partial Regex Memory();
}
