using System.Collections.Concurrent;

namespace Slipway.Core.Pipeline.Running;

/// <summary>Deployments on their way up whose instance has answered. Observed, so it starts empty and is found out again.</summary>
public sealed class HealthyDeployments
{
    private readonly ConcurrentDictionary<DeploymentId, bool> _ids = new();

    public void Add(DeploymentId id) => _ids[id] = true;

    public void Remove(DeploymentId id) => _ids.TryRemove(id, out _);

    public IReadOnlySet<DeploymentId> Snapshot() => _ids.Keys.ToHashSet();
}
