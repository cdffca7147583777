namespace Slipway.Core.Hosting;

/// <summary>What the kernel has counted for a container.</summary>
/// <param name="MemoryLimitBytes">Null: none.</param>
public sealed record CgroupUse(double CpuSeconds, long MemoryBytes, long? MemoryLimitBytes);

/// <summary>Reads a container's cgroup: some files, and no engine.</summary>
public interface ICgroupReader
{
    /// <summary>By one of its processes; null where it can't be seen.</summary>
    /// <param name="container">The engine's id, which the cgroup's name must hold: process numbers may be another machine's.</param>
    CgroupUse? Read(long process, string container);
}
