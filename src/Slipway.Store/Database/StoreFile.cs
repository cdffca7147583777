namespace Slipway.Store.Database;

/// <summary>The database, file or server: many readers, and one writer at a time.</summary>
internal sealed class StoreFile(IStoreDatabase database) : IDisposable
{
    private readonly SemaphoreSlim _writer = new(1, 1);

    public SlipwayDb Read() => database.CreateDbContext();

    /// <summary>
    /// One transaction that holds the write lock from its start, so that what it reads cannot change before it writes.
    /// <paramref name="committed"/> runs before the next writer, so that listeners hear changes in the order of their commits.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<SlipwayDb, Task<T>> change, Action<T>? committed, CancellationToken ct)
    {
        if (!await _writer.WaitAsync(database.WriterPatience, ct)) throw new StoreBusyException();
        try
        {
            await using var db = database.CreateDbContext();
            await using var transaction = await database.BeginWriteAsync(db, ct);
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
