using Microsoft.Data.Sqlite;

namespace Slipway.Store.Database;

/// <summary>Decides what the file's tables need.</summary>
internal static class SqliteSchema
{
    /// <param name="migrate">Given what is pending; EF's own migrator.</param>
    public static async Task<Migrated> BringUpToDateAsync(SqliteConnection connection, Func<IReadOnlyList<string>, CancellationToken, Task> migrate, CancellationToken ct)
    {
        var script = SchemaScript.Sqlite;
        if (await connection.AskAsync("SELECT count(*) FROM sqlite_master", ct) == 0)
        {
            await connection.RunAsync("PRAGMA journal_mode = WAL", ct);
            await connection.RunAsync(script.Text, ct);
            return new Migrated(script.Known, WasEmpty: true, HoldsSecrets: false);
        }

        var pending = script.Pending(await AppliedAsync(connection, ct), $"the database {connection.DataSource}", "put back the copy beside it that was made before the upgrade (slipway.db.before-…)");
        if (pending.Count > 0)
        {
            // EF's own lock is a row that a killed process leaves behind, and it would be waited for without end. Ours goes with the process.
            await connection.RunAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", ct);
            await migrate(pending, ct);
        }

        return new Migrated(pending, WasEmpty: false, await connection.AskAsync("SELECT EXISTS (SELECT 1 FROM projects)", ct) == 1);
    }

    public static async Task<List<string>> AppliedAsync(SqliteConnection connection, CancellationToken ct)
    {
        var applied = new List<string>();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\"";
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) applied.Add(rows.GetString(0));
        return applied;
    }
}
