namespace Slipway.Core.Queueing;

/// <summary>Ids only: nothing secret rests in the queue.</summary>
public sealed record Job(DeploymentId Deployment)
{
    /// <summary>Idempotency key.</summary>
    public string Id => Deployment.ToString();
}

/// <summary>A job held by one worker until <paramref name="Expires"/>.</summary>
/// <param name="Attempt">1 for the first delivery, higher for each redelivery.</param>
/// <param name="Token">Names this very lease; a late call with an older one is refused.</param>
public sealed record Lease(Job Job, int Attempt, string Token, DateTimeOffset Expires);

/// <summary>
/// The doorbell: at least once, never lost. The store stays the truth. It is the platform's: workers lease every team's jobs,
/// whatever the <see cref="Tenancy.TeamScope"/>, and a lease's token is all it takes to end it; only the <see cref="IDeadLetters"/> are shown by team.
/// </summary>
public interface IWorkQueue
{
    /// <summary>Idempotent by job id while the job is queued or leased: false when it was there already.</summary>
    Task<bool> EnqueueAsync(Job job, CancellationToken ct);

    /// <summary>Waits for a job (woken by Enqueue, a due retry or an expired lease); throws OperationCanceledException with the token.</summary>
    Task<Lease> LeaseAsync(string worker, TimeSpan duration, CancellationToken ct);

    /// <summary>Extends it; false when it is no longer ours (expired and taken, or completed).</summary>
    Task<bool> HeartbeatAsync(Lease lease, TimeSpan duration, CancellationToken ct);

    /// <summary>Done: the job leaves the queue. False when the lease was lost.</summary>
    Task<bool> CompleteAsync(Lease lease, CancellationToken ct);

    /// <summary>Gives it back to be delivered again after <paramref name="delay"/>, with a higher attempt. False when the lease was lost.</summary>
    Task<bool> ReturnAsync(Lease lease, TimeSpan delay, CancellationToken ct);

    /// <summary>Gives it up: kept aside with the reason. False when the lease was lost.</summary>
    Task<bool> BuryAsync(Lease lease, string reason, CancellationToken ct);
}
