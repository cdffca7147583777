namespace Slipway.Core.Storage;

/// <summary>What Slipway may take of the disk (<see cref="StorageOptions.MaxUsedMegabytes"/>), looked at before a build begins.</summary>
public interface IDiskBudget
{
    /// <summary><c>build.over_budget</c> when more is in use than may be, and pruning what can be pruned did not help; null: go on.</summary>
    Task<Failure?> ExceededAsync(CancellationToken ct);
}
