using Slipway.Store.Database;
using Slipway.Store.Encryption;

namespace Slipway.Store;

/// <summary>Brings the database to what this version needs. To be awaited once, before anything else uses the store.</summary>
public sealed class StoreMigrator
{
    private readonly IStoreDatabase _database;
    private readonly MasterKey _key;

    internal StoreMigrator(IStoreDatabase database, MasterKey key) => (_database, _key) = (database, key);

    /// <returns>The migrations that were applied, oldest first.</returns>
    /// <exception cref="StoreStartException">A setting is wrong, or the database is not one for this version.</exception>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken ct)
    {
        var migrated = await _database.MigrateAsync(ct);
        _key.Prepare(migrated.HoldsSecrets);
        return migrated.Applied;
    }
}
