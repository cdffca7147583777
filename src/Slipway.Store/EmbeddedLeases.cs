using Microsoft.EntityFrameworkCore;
using Slipway.Store.Database;

namespace Slipway.Store;

/// <summary>
/// What workers hold of the embedded queue. They live in the server's own process: one that starts knows that nobody holds anything, and need not wait until
/// what its predecessor held becomes visible by itself.
/// </summary>
public sealed class EmbeddedLeases
{
    private readonly StoreFile _file;

    internal EmbeddedLeases(StoreFile file) => _file = file;

    /// <summary>Gives all jobs back at once; their attempts count. To be called before any worker starts.</summary>
    public Task ReleaseAsync(CancellationToken ct) =>
        _file.WriteAsync(db => db.Database.ExecuteSqlAsync($"UPDATE queue_jobs SET token = NULL, visible_at = 0 WHERE token IS NOT NULL", ct), ct);
}
