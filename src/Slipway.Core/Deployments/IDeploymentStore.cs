namespace Slipway.Core.Deployments;

/// <summary>What to list; null members don't narrow. Newest first.</summary>
public sealed record DeploymentQuery
{
    public ProjectId? Project { get; init; }
    public IReadOnlyList<DeploymentState>? States { get; init; }
    public int Limit { get; init; } = 100;
}

/// <summary>One entry of a deployment's history.</summary>
public sealed record DeploymentEventRecord(long Sequence, DateTimeOffset At, DeploymentEvent Event, DeploymentState StateAfter);

/// <summary>
/// The truth about deployments and their one writer. Sees only the rows of the current <see cref="Tenancy.TeamScope"/>.
/// </summary>
public interface IDeploymentStore
{
    /// <summary>Writes it as it is; its project must be there and its team in scope. A hash already used by any team is refused with Failure <c>deployment.hash_taken</c> (ask again with another).</summary>
    Task<Outcome<Deployment>> CreateAsync(Deployment deployment, CancellationToken ct);

    Task<Deployment?> FindAsync(DeploymentId id, CancellationToken ct);

    Task<IReadOnlyList<Deployment>> ListAsync(DeploymentQuery query, CancellationToken ct);

    /// <summary>
    /// The one door: applies <see cref="DeploymentTransitions"/>, appends the event and notifies, in one transaction.
    /// Null when refused or not there. Of two racing calls one wins.
    /// </summary>
    Task<Deployment?> ApplyAsync(DeploymentId id, DeploymentEvent happened, CancellationToken ct);

    /// <summary>Notes when deployments were used last. No event: it moves no state, and an older moment than the noted one changes nothing.</summary>
    Task NoteUseAsync(IReadOnlyDictionary<DeploymentId, DateTimeOffset> used, CancellationToken ct);

    Task<IReadOnlyList<DeploymentEventRecord>> EventsAsync(DeploymentId id, CancellationToken ct);

    /// <summary>Every accepted change (creation too) made through this process's store from now on, in order and without loss, of the teams in scope at the call; ends with the token, without an exception.</summary>
    IAsyncEnumerable<Deployment> WatchAsync(CancellationToken ct);
}
