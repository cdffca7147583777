namespace Slipway.Core.Pipeline.Running;

/// <summary>What the reconciler has to do.</summary>
public abstract record RuntimeAction
{
    private RuntimeAction() { }

    public sealed record Start(DeploymentId Deployment) : RuntimeAction;

    /// <summary>A container of this home that nothing wants.</summary>
    public sealed record Remove(InstanceId Instance) : RuntimeAction;
}

/// <summary>How often an instance was started again, and when last: the only thing remembered between two looks.</summary>
public sealed record RestartHistory(int Count, DateTimeOffset Last);

/// <summary>Wanted against observed. Pure.</summary>
public static class RuntimeDiff
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <param name="wanted">Deployments that should serve.</param>
    /// <param name="launching">Deployments that a launcher takes care of: neither started nor removed here.</param>
    /// <param name="asleep">Wanted ones that may stay as they are, frozen or stopped.</param>
    public static IReadOnlyList<RuntimeAction> Compute(
        IReadOnlyCollection<DeploymentId> wanted, IReadOnlySet<DeploymentId> launching, IReadOnlyCollection<Instance> observed,
        IReadOnlyDictionary<DeploymentId, RestartHistory> restarts, IReadOnlySet<DeploymentId> asleep, DateTimeOffset now)
    {
        var actions = new List<RuntimeAction>();
        var byDeployment = observed.ToLookup(i => i.Deployment);
        foreach (var id in wanted)
        {
            if (launching.Contains(id) || byDeployment[id].Any(i => i.State == InstanceState.Running)) continue;
            if (asleep.Contains(id) && byDeployment[id].Any()) continue;
            // A frozen one has not failed: there is nothing to wait for.
            if (!byDeployment[id].Any(i => i.State == InstanceState.Frozen) && restarts.TryGetValue(id, out var history) && now < history.Last + Backoff(history.Count)) continue;
            actions.Add(new RuntimeAction.Start(id));
        }

        var keep = wanted.ToHashSet();
        actions.AddRange(observed.Where(i => !keep.Contains(i.Deployment) && !launching.Contains(i.Deployment)).Select(i => new RuntimeAction.Remove(i.Id)));
        return actions;
    }

    /// <summary>0, 1, 2, 4 … 60 s: a crash loop must not eat the machine.</summary>
    public static TimeSpan Backoff(int restarts) =>
        restarts <= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Pow(2, Math.Min(restarts, 12) - 2)));
}
