namespace Slipway.Core.Queueing;

/// <summary>A job that was given up, and why.</summary>
/// <param name="Sequence">Names this very letter; a job given up again has another.</param>
/// <param name="Job">Null for a message that could not be read as one.</param>
/// <param name="Attempts">Deliveries until then.</param>
public sealed record DeadLetter(long Sequence, Job? Job, int Attempts, string Reason, DateTimeOffset At);

/// <summary>What <see cref="IWorkQueue.BuryAsync"/> kept aside; of the teams in the current <see cref="Tenancy.TeamScope"/>.</summary>
public interface IDeadLetters
{
    /// <summary>Newest first, one per job.</summary>
    Task<IReadOnlyList<DeadLetter>> ListAsync(CancellationToken ct);

    /// <summary>Takes one out of the list; false when it is not there (any more).</summary>
    Task<bool> RemoveAsync(long sequence, CancellationToken ct);
}
