namespace Slipway.Core.Pipeline.Running;

/// <summary>What one instance has used and uses.</summary>
/// <param name="At">When it was looked at.</param>
/// <param name="CpuSeconds">Since the app was started last.</param>
/// <param name="MemoryBytes">Without the page cache that the kernel would give up at once.</param>
/// <param name="MemoryLimitBytes">Null: none.</param>
/// <param name="ReceivedBytes">By its network, since the app was started last; null where that can't be seen.</param>
public sealed record InstanceUsage(DateTimeOffset At, double CpuSeconds, long MemoryBytes, long? MemoryLimitBytes, long? ReceivedBytes, long? SentBytes);

/// <summary>Tells what instances use. Reading is cheap where the machine's own files can be read; the engine is asked only about those that run.</summary>
public interface IInstanceUsage
{
    /// <summary>Those that can be told of; one that is stopped or gone is left out.</summary>
    /// <param name="mayAsk">The engine may be asked, which costs it some milliseconds for each.</param>
    Task<IReadOnlyDictionary<InstanceId, InstanceUsage>> ReadAsync(IReadOnlyCollection<Instance> instances, bool mayAsk, CancellationToken ct);
}
