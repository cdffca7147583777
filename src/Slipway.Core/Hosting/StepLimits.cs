namespace Slipway.Core.Hosting;

/// <summary>What one build step may use, and all steps of the machine together.</summary>
/// <param name="MemoryBytes">Of each step.</param>
/// <param name="Processes">Of each step, threads counted.</param>
/// <param name="CpuWeight">Of all together, in percent of one served app.</param>
/// <param name="AllMemoryBytes">
/// Of all together, the backstop. It depends on the machine alone: homes that share an engine share this limit, and must not disagree.
/// </param>
public sealed record StepLimits(long MemoryBytes, int Processes, int CpuWeight, long AllMemoryBytes)
{
    /// <summary>The wish, and never more than half of the machine.</summary>
    public static StepLimits For(long memoryBytes, int processes, int cpuWeight, long machineBytes) =>
        new(Math.Min(memoryBytes, machineBytes / 2), processes, cpuWeight, machineBytes / 4 * 3);
}

/// <summary>Memory of the machine in bytes.</summary>
/// <param name="Available">What can be had without pushing anybody out.</param>
public sealed record MachineMemory(long Total, long Available, long SwapTotal);

/// <summary>Where the engine keeps its files, and its steps' cgroups.</summary>
/// <param name="DataRoot">Folder of images, layers and build cache.</param>
/// <param name="CgroupDriver"><c>cgroupfs</c> or <c>systemd</c>.</param>
public sealed record EngineLayout(string DataRoot, string CgroupDriver);

/// <summary>Whether steps are held to their limits.</summary>
public abstract record StepLimitStatus
{
    private StepLimitStatus()
    {
    }

    public sealed record Held(StepLimits Limits) : StepLimitStatus;

    /// <param name="Reason">A sentence for the person who runs this host.</param>
    /// <param name="Hint">What to do about it.</param>
    public sealed record NotHeld(string Reason, string? Hint = null) : StepLimitStatus;
}

public enum StepLimit
{
    Memory,
    Processes,
}

/// <summary>A step ran into a limit.</summary>
/// <param name="Command">Its arguments, joined by blanks; null when the engine did not tell.</param>
public sealed record StepHit(StepLimit Limit, string? Command);
