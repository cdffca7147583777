using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Store.Database;
using Slipway.Store.Encryption;

namespace Slipway.Store;

/// <summary>Brings the files to what this version needs. To be awaited once, before anything else uses the store.</summary>
public sealed class StoreMigrator
{
    private readonly StoreOptions _options;
    private readonly StoreFile _file;
    private readonly MasterKey _key;
    private readonly ILogger _log;

    internal StoreMigrator(IOptions<StoreOptions> options, StoreFile file, MasterKey key, ILogger<StoreMigrator> log) =>
        (_options, _file, _key, _log) = (options.Value, file, key, log);

    public async Task MigrateAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_options.DatabasePath)) ?? "/");
        await using var alone = await LockAsync(ct);
        CreateFile();
        await using var connection = await SqliteConnections.OpenAsync(_options.DatabasePath, ct);
        await Schema.BringUpToDateAsync(connection, MigrateByEfAsync, ct);
        _key.Prepare(isInUse: await connection.AskAsync("SELECT EXISTS (SELECT 1 FROM projects)", ct) == 1);
    }

    private async Task MigrateByEfAsync(IReadOnlyList<string> pending, CancellationToken ct)
    {
        _log.Migrating(_options.DatabasePath, string.Join(", ", pending));
        await CopyAsideAsync(pending[0], ct);
        await using var db = _file.Read();
        await db.Database.MigrateAsync(ct);
    }

    /// <summary>The way back: a whole copy as <c>slipway.db.before-{migration}</c>, under its final name only once it is complete.</summary>
    internal async Task<string> CopyAsideAsync(string migration, CancellationToken ct)
    {
        var copy = $"{_options.DatabasePath}.before-{migration}";
        var unfinished = copy + ".unfinished";
        File.Delete(unfinished);
        MakeEmpty(unfinished);
        await using (var connection = await SqliteConnections.OpenAsync(_options.DatabasePath, ct))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $copy";
            command.Parameters.AddWithValue("$copy", unfinished);
            await command.ExecuteNonQueryAsync(ct);
        }

        File.Move(unfinished, copy, overwrite: true);
        return copy;
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
                return new FileStream(_options.DatabasePath + ".migrating", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(_options.DatabasePath + ".migrating"))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
            }
        }
    }

    /// <summary>Made by us so that nobody else may read it; SQLite gives its companions the same mode.</summary>
    private void CreateFile()
    {
        // Never opened by us once it is there: closing it would drop the locks that SQLite holds on it in this process.
        if (File.Exists(_options.DatabasePath)) return;
        MakeEmpty(_options.DatabasePath);
    }
}
