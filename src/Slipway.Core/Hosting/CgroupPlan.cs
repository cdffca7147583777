using System.Globalization;

namespace Slipway.Core.Hosting;

/// <summary>One line into one file of a cgroup.</summary>
/// <param name="Controller">Hierarchy of version 1 (<c>memory</c>, <c>pids</c>, <c>cpu</c>); of version 2, which has one only, no part of the path.</param>
/// <param name="IsMust">Without it the limit does not hold. The others are an improvement where the kernel has them.</param>
public sealed record CgroupLine(string Controller, string File, string Text, bool IsMust = true);

/// <summary>Limits → lines for the cgroups of steps. Pure.</summary>
public static class CgroupPlan
{
    /// <summary>Where the engine's BuildKit puts its steps, one folder each. It goes by a plain path under the systemd driver too.</summary>
    public static string ParentOf(EngineLayout engine) => engine.CgroupDriver == "systemd" ? "system.slice/buildkit" : "docker/buildkit";

    /// <summary>For a step's own cgroup, in this order.</summary>
    public static IReadOnlyList<CgroupLine> Step(StepLimits limits, bool isUnified) => isUnified
        ?
        [
            new("memory", "memory.max", Number(limits.MemoryBytes)),
            new("memory", "memory.swap.max", Number(limits.MemoryBytes), IsMust: false),
            // A step of which one process died is of no use, and half-dead ones hang.
            new("memory", "memory.oom.group", "1", IsMust: false),
            new("pids", "pids.max", Number(limits.Processes)),
        ]
        :
        [
            new("memory", "memory.limit_in_bytes", Number(limits.MemoryBytes)),
            // Memory and swap together.
            new("memory", "memory.memsw.limit_in_bytes", Number(limits.MemoryBytes * 2), IsMust: false),
            new("pids", "pids.max", Number(limits.Processes)),
        ];

    /// <summary>For what all steps share: the backstop, and their weight against served apps, which are its neighbours in the tree.</summary>
    public static IReadOnlyList<CgroupLine> Parent(StepLimits limits, bool isUnified) => isUnified
        ?
        [
            new("memory", "memory.max", Number(limits.AllMemoryBytes), IsMust: false),
            new("cpu", "cpu.weight", Number(limits.CpuWeight), IsMust: false),
        ]
        :
        [
            new("memory", "memory.limit_in_bytes", Number(limits.AllMemoryBytes), IsMust: false),
            new("cpu", "cpu.shares", Number(1024L * limits.CpuWeight / 100), IsMust: false),
        ];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
