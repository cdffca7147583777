using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.Storage;
using Slipway.Store.Backups;

namespace Slipway.Store.Database;

/// <summary>The embedded database: one file in the home.</summary>
internal sealed class SqliteDatabase : IStoreDatabase
{
    private readonly string _path;
    private readonly ILogger _log;
    private readonly PooledDbContextFactory<SlipwayDb> _contexts;

    public SqliteDatabase(IServiceProvider services, IOptions<StoreOptions> options, ILogger<SqliteDatabase> log)
    {
        (_path, _log) = (options.Value.DatabasePath, log);
        var db = new DbContextOptionsBuilder<SlipwayDb>().UseApplicationServiceProvider(services);
        SqliteConnections.Configure(db, _path);
        _contexts = new PooledDbContextFactory<SlipwayDb>((DbContextOptions<SlipwayDb>)db.Options);
    }

    public string Where => _path;

    public string WorkFolder => Path.GetDirectoryName(Path.GetFullPath(_path)) ?? "/";

    public TimeSpan WriterPatience => Timeout.InfiniteTimeSpan;

    public SlipwayDb CreateDbContext() => _contexts.CreateDbContext();

    /// <summary>BEGIN IMMEDIATE; other processes on the file wait by its busy_timeout.</summary>
    public Task<IDbContextTransaction> BeginWriteAsync(SlipwayDb db, CancellationToken ct) => db.Database.BeginTransactionAsync(ct);

    public async Task<Migrated> MigrateAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path)) ?? "/");
        await using var alone = await LockAsync(ct);
        // Made by us so that nobody else may read it; SQLite gives its companions the same mode.
        // Never opened by us once it is there: closing it would drop the locks that SQLite holds on it in this process.
        if (!File.Exists(_path)) OwnFile.Make(_path).Dispose();
        await using var connection = await SqliteConnections.OpenAsync(_path, ct);
        return await SqliteSchema.BringUpToDateAsync(connection, MigrateByEfAsync, ct);
    }

    /// <summary>The way back: a whole copy as <c>slipway.db.before-{migration}</c>, under its final name only once it is complete.</summary>
    public async Task<string> CopyAsideAsync(string migration, CancellationToken ct)
    {
        var copy = $"{_path}.before-{migration}";
        var unfinished = copy + ".unfinished";
        File.Delete(unfinished);
        OwnFile.Make(unfinished).Dispose();
        await VacuumAsync(unfinished, ct);
        File.Move(unfinished, copy, overwrite: true);
        return copy;
    }

    public async Task<IReadOnlyList<TableCount>> CopyToFileAsync(string path, CancellationToken ct)
    {
        await VacuumAsync(path, ct);
        await using var copy = await SqliteConnections.OpenAloneAsync(path, ct);
        return await TableCopy.CountAsync(copy, Tables(), ct);
    }

    public async Task<IReadOnlyList<TableCount>> TakeFromFileAsync(string path, bool force, CancellationToken ct)
    {
        await using (var alone = await LockAsync(ct))
        {
            if (File.Exists(_path)) await SetAsideAsync(force, ct);
            await using (var taken = await SqliteConnections.OpenAloneAsync(path, ct)) await taken.RunAsync("PRAGMA journal_mode = WAL", ct);
            OwnFile.Place(path, _path, overwrite: true);
        }

        await MigrateAsync(ct);
        await using var connection = await SqliteConnections.OpenAloneAsync(_path, ct);
        return await TableCopy.CountAsync(connection, Tables(), ct);
    }

    /// <summary>What is there now stays beside it as <c>slipway.db.before-restore</c>.</summary>
    private async Task SetAsideAsync(bool force, CancellationToken ct)
    {
        SqliteConnection.ClearAllPools();
        await using (var old = await SqliteConnections.OpenAloneAsync(_path, ct))
        {
            var isUsed = await old.AskAsync("SELECT count(*) FROM sqlite_master WHERE name = 'projects'", ct) == 1 && await old.AskAsync("SELECT count(*) FROM projects", ct) > 0;
            if (isUsed && !force) throw new StoreStartException($"{_path} holds projects already; with --force they are replaced (the file stays beside it as slipway.db.before-restore)");
        }

        await CopyAsideAsync("restore", ct);
        SqliteConnection.ClearAllPools();
        // The last connection was closed, so all is in the file itself.
        foreach (var companion in new[] { "-wal", "-shm" }) File.Delete(_path + companion);
    }

    /// <summary>Brings a file that is nobody's database to this version.</summary>
    public static async Task UpgradeAsync(string path, ILogger log, CancellationToken ct)
    {
        var db = new DbContextOptionsBuilder<SlipwayDb>();
        SqliteConnections.Configure(db, path, pooling: false);
        await using var connection = await SqliteConnections.OpenAloneAsync(path, ct);
        await SqliteSchema.BringUpToDateAsync(connection, async (pending, token) =>
        {
            log.Migrating(path, string.Join(", ", pending));
            await using var context = new SlipwayDb(db.Options);
            await context.Database.MigrateAsync(token);
        }, ct);
    }

    private IReadOnlyList<StoredTable> Tables()
    {
        using var db = CreateDbContext();
        return StoredTable.All(db);
    }

    private async Task VacuumAsync(string path, CancellationToken ct)
    {
        await using var connection = await SqliteConnections.OpenAsync(_path, ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $copy";
        command.Parameters.AddWithValue("$copy", path);
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task MigrateByEfAsync(IReadOnlyList<string> pending, CancellationToken ct)
    {
        _log.Migrating(_path, string.Join(", ", pending));
        await CopyAsideAsync(pending[0], ct);
        await using var db = CreateDbContext();
        await db.Database.MigrateAsync(ct);
    }

    /// <summary>One process at a time; released by the kernel when ours dies.</summary>
    private async Task<FileStream> LockAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return new FileStream(_path + ".migrating", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(_path + ".migrating"))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
            }
        }
    }
}
