using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Signals;
using Slipway.Core.Tenancy;

namespace Slipway.Testing.InMemory;

/// <summary>Passes the same contract as the real one, but for the foreign key: it does not ask whether the project is there.</summary>
public sealed class InMemoryDeploymentStore(TimeProvider time) : IDeploymentStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DeploymentId, Deployment> _deployments = [];
    private readonly Dictionary<DeploymentId, List<DeploymentEventRecord>> _events = [];
    private readonly Feed<Deployment> _changes = new();

    /// <summary>A deployment went with its project.</summary>
    internal event Action<DeploymentId>? Removed;

    public Task<Outcome<Deployment>> CreateAsync(Deployment deployment, CancellationToken ct)
    {
        Scopes.Demand(deployment.Team);
        lock (_gate)
        {
            if (_deployments.Values.Any(d => d.Hash == deployment.Hash)) return Task.FromResult<Outcome<Deployment>>(DeploymentRules.HashTaken);
            _deployments.Add(deployment.Id, deployment);
            _events[deployment.Id] = [];
            _changes.Publish(deployment);
            return Task.FromResult<Outcome<Deployment>>(deployment);
        }
    }

    public Task<Deployment?> FindAsync(DeploymentId id, CancellationToken ct)
    {
        lock (_gate) return Task.FromResult(Visible(id));
    }

    public Task<IReadOnlyList<Deployment>> ListAsync(DeploymentQuery query, CancellationToken ct)
    {
        lock (_gate)
        {
            IReadOnlyList<Deployment> found = [.. _deployments.Values
                .Where(d => Scopes.See(d.Team))
                .Where(d => query.Project is not { } project || d.Project == project)
                .Where(d => query.States is not { } states || states.Contains(d.State))
                .OrderByDescending(d => d.CreatedAt).ThenByDescending(d => d.Id.ToString(), StringComparer.Ordinal)
                .Take(query.Limit)];
            return Task.FromResult(found);
        }
    }

    public Task<Deployment?> ApplyAsync(DeploymentId id, DeploymentEvent happened, CancellationToken ct)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (Visible(id) is not { } before || DeploymentTransitions.Apply(before, happened, now) is not { } after) return Task.FromResult<Deployment?>(null);
            _deployments[id] = after;
            _events[id].Add(new DeploymentEventRecord(_events[id].Count + 1, now, happened, after.State));
            _changes.Publish(after);
            return Task.FromResult<Deployment?>(after);
        }
    }

    public Task NoteUseAsync(IReadOnlyDictionary<DeploymentId, DateTimeOffset> used, CancellationToken ct)
    {
        lock (_gate)
        {
            foreach (var (id, at) in used)
            {
                if (Visible(id) is { } d && !(d.LastUsedAt >= at)) _deployments[id] = d with { LastUsedAt = at };
            }
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<DeploymentEventRecord>> EventsAsync(DeploymentId id, CancellationToken ct)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<DeploymentEventRecord>>(Visible(id) is null ? [] : [.. _events[id]]);
    }

    public IAsyncEnumerable<Deployment> WatchAsync(CancellationToken ct)
    {
        var scope = TeamScope.Current;
        return _changes.Subscribe(d => scope?.Sees(d.Team) == true, ct);
    }

    internal TeamId? TeamOf(DeploymentId id)
    {
        lock (_gate) return _deployments.TryGetValue(id, out var deployment) ? deployment.Team : null;
    }

    internal void RemoveOf(ProjectId project)
    {
        List<DeploymentId> removed;
        lock (_gate)
        {
            removed = [.. _deployments.Values.Where(d => d.Project == project).Select(d => d.Id)];
            foreach (var id in removed)
            {
                _deployments.Remove(id);
                _events.Remove(id);
            }
        }

        foreach (var id in removed) Removed?.Invoke(id);
    }

    private Deployment? Visible(DeploymentId id) => _deployments.TryGetValue(id, out var deployment) && Scopes.See(deployment.Team) ? deployment : null;
}
