using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

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
        if (!File.Exists(_path)) MakeEmpty(_path);
        await using var connection = await SqliteConnections.OpenAsync(_path, ct);
        return await SqliteSchema.BringUpToDateAsync(connection, MigrateByEfAsync, ct);
    }

    /// <summary>The way back: a whole copy as <c>slipway.db.before-{migration}</c>, under its final name only once it is complete.</summary>
    public async Task<string> CopyAsideAsync(string migration, CancellationToken ct)
    {
        var copy = $"{_path}.before-{migration}";
        var unfinished = copy + ".unfinished";
        File.Delete(unfinished);
        MakeEmpty(unfinished);
        await using (var connection = await SqliteConnections.OpenAsync(_path, ct))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $copy";
            command.Parameters.AddWithValue("$copy", unfinished);
            await command.ExecuteNonQueryAsync(ct);
        }

        File.Move(unfinished, copy, overwrite: true);
        return copy;
    }

    private async Task MigrateByEfAsync(IReadOnlyList<string> pending, CancellationToken ct)
    {
        _log.Migrating(_path, string.Join(", ", pending));
        await CopyAsideAsync(pending[0], ct);
        await using var db = CreateDbContext();
        await db.Database.MigrateAsync(ct);
    }

    private static void MakeEmpty(string path) => new FileStream(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    }).Dispose();

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
