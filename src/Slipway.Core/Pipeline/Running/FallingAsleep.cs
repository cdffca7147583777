using System.Collections.Concurrent;

namespace Slipway.Core.Pipeline.Running;

/// <summary>Deployments that are being put to sleep at this moment: the edge must hold their requests before they are.</summary>
public sealed class FallingAsleep
{
    private readonly ConcurrentDictionary<DeploymentId, SleepDepth> _ids = new();

    public void Add(DeploymentId id, SleepDepth depth) => _ids[id] = depth;

    public void Remove(DeploymentId id) => _ids.TryRemove(id, out _);

    public IReadOnlyDictionary<DeploymentId, SleepDepth> Snapshot() => _ids.ToDictionary();
}
