using Slipway.Core.Storage;
using Slipway.Store.Backups;
using Slipway.Store.Database;
using Slipway.Store.Encryption;

namespace Slipway.Store;

/// <summary>The database as a whole: into a file, out of one, to another place.</summary>
public sealed class StoreTransfer
{
    private readonly IStoreDatabase _database;
    private readonly MasterKey _key;
    private readonly TimeProvider _time;

    internal StoreTransfer(IStoreDatabase database, MasterKey key, TimeProvider time) => (_database, _key, _time) = (database, key, time);

    /// <summary>For a person: the file, or database and host.</summary>
    public string Where => _database.Where;

    /// <summary>One consistent file of all tables, also while a server runs. There whole under its name, or not at all.</summary>
    public async Task<StoreReport> BackupAsync(string file, CancellationToken ct)
    {
        if (File.Exists(file)) throw new StoreStartException($"{file} is there already; name another file");
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file)))) throw new StoreStartException($"there is no folder {Path.GetDirectoryName(Path.GetFullPath(file))}");
        var migrated = await _database.MigrateAsync(ct);
        _key.Prepare(migrated.HoldsSecrets);
        var unfinished = file + ".unfinished";
        try
        {
            File.Delete(unfinished);
            OwnFile.Make(unfinished).Dispose();
            var counts = await _database.CopyToFileAsync(unfinished, ct);
            await BackupFile.MarkAsync(unfinished, _key, _database.Where, _time, ct);
            OwnFile.Place(unfinished, file, overwrite: false);
            return new StoreReport(_database.Where, file, migrated.Applied, counts);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Everything as the backup has it. No server may run on it, which the caller sees to.</summary>
    /// <param name="force">What is there now is replaced.</param>
    public async Task<StoreReport> RestoreAsync(string file, bool force, CancellationToken ct)
    {
        var unpacked = Path.Combine(_database.WorkFolder, $"slipway.db.{Guid.NewGuid():N}.restoring");
        try
        {
            await BackupFile.UnpackAsync(file, unpacked, _key, ct);
            return new StoreReport(_database.Where, file, [], await _database.TakeFromFileAsync(unpacked, force, ct));
        }
        finally
        {
            File.Delete(unpacked);
        }
    }

    /// <summary>All rows to the database of <paramref name="target"/>, which is in use only once its settings say so.</summary>
    public async Task<StoreReport> MoveAsync(StoreTransfer target, bool force, CancellationToken ct)
    {
        if (!File.Exists(_database.Where)) throw new StoreStartException($"there is no {_database.Where} to move: this home keeps its store elsewhere already, or has none yet");
        var migrated = await _database.MigrateAsync(ct);
        _key.Prepare(migrated.HoldsSecrets);
        var copy = Path.Combine(_database.WorkFolder, $"slipway.db.{Guid.NewGuid():N}.moving");
        try
        {
            File.Delete(copy);
            OwnFile.Make(copy).Dispose();
            await _database.CopyToFileAsync(copy, ct);
            return new StoreReport(target._database.Where, null, migrated.Applied, await target._database.TakeFromFileAsync(copy, force, ct));
        }
        finally
        {
            File.Delete(copy);
        }
    }
}
