using System.ComponentModel.DataAnnotations;
using Slipway.Core.Hosting;

namespace Slipway.Core.Pipeline.Building;

/// <summary>What one build may use. Its time is <see cref="PipelineOptions.BuildTimeout"/>, how many run at once <see cref="PipelineOptions.Concurrency"/>.</summary>
public sealed class BuildLimitOptions
{
    public const string Section = "Slipway:Build";

    /// <summary>Memory of each step, in megabytes; never more than half of the machine's. As much again of swap, where there is any.</summary>
    [Range(64, 1 << 20)]
    public int MemoryMegabytes { get; set; } = 4096;

    /// <summary>Processes and threads of each step.</summary>
    [Range(16, 1 << 20)]
    public int Processes { get; set; } = 4096;

    /// <summary>Share of the CPU that all builds together get when it is short, in percent of what one served app gets.</summary>
    [Range(1, 100)]
    public int CpuWeight { get; set; } = 25;

    /// <summary>Output of one build that is kept, in megabytes; a build that prints more is stopped.</summary>
    [Range(1, 4096)]
    public int LogMegabytes { get; set; } = 64;

    /// <summary>Free space on the engine's disk that no build may touch, in megabytes: below it the build that wrote most lately is stopped, and the next only if that does not help.</summary>
    [Range(0, 1 << 20)]
    public int DiskReserveMegabytes { get; set; } = 1024;

    /// <summary>On a machine with so much memory.</summary>
    public StepLimits StepLimits(long machineBytes) => Hosting.StepLimits.For((long)MemoryMegabytes << 20, Processes, CpuWeight, machineBytes);
}
