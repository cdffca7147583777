using Microsoft.EntityFrameworkCore;
using Slipway.Core.Deployments;
using Slipway.Store.Database;

namespace Slipway.Store;

/// <summary>Numbers for who looks at the whole installation from outside; they tell nothing of any team.</summary>
public sealed class StoreCounts
{
    private readonly StoreFile _file;

    internal StoreCounts(StoreFile file) => _file = file;

    /// <summary>Deployments of every team in each state that has any.</summary>
    public async Task<IReadOnlyDictionary<DeploymentState, int>> DeploymentsAsync(CancellationToken ct)
    {
        await using var db = _file.Read();
        // Every team: a sum says nothing of one of them.
        return await db.Deployments.OfEveryTeam().GroupBy(d => d.State).Select(g => new { State = g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.State, g => g.Count, ct);
    }

    /// <summary>When the one that waits longest in <paramref name="state"/> was made; null when none does.</summary>
    public async Task<DateTimeOffset?> OldestAsync(DeploymentState state, CancellationToken ct)
    {
        await using var db = _file.Read();
        // Every team, as above.
        return await db.Deployments.OfEveryTeam().Where(d => d.State == state).OrderBy(d => d.CreatedAt).Select(d => (DateTimeOffset?)d.CreatedAt).FirstOrDefaultAsync(ct);
    }
}
