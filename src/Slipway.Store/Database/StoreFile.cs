using Microsoft.EntityFrameworkCore;

namespace Slipway.Store.Database;

/// <summary>The database file: many readers, and one writer at a time.</summary>
internal sealed class StoreFile(IDbContextFactory<SlipwayDb> contexts) : IDisposable
{
    private readonly SemaphoreSlim _writer = new(1, 1);

    public SlipwayDb Read() => contexts.CreateDbContext();

    /// <summary>
    /// One transaction that holds the write lock from its start (BEGIN IMMEDIATE), so that what it reads cannot change before it writes.
    /// <paramref name="committed"/> runs before the next writer, so that listeners hear changes in the order of their commits.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<SlipwayDb, Task<T>> change, Action<T>? committed, CancellationToken ct)
    {
        await _writer.WaitAsync(ct);
        try
        {
            await using var db = contexts.CreateDbContext();
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            var result = await change(db);
            await transaction.CommitAsync(CancellationToken.None);
            committed?.Invoke(result);
            return result;
        }
        finally
        {
            _writer.Release();
        }
    }

    public Task<T> WriteAsync<T>(Func<SlipwayDb, Task<T>> change, CancellationToken ct) => WriteAsync(change, null, ct);

    public void Dispose() => _writer.Dispose();
}
