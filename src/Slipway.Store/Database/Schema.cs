using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Slipway.Store.Database;

/// <summary>
/// Decides what the tables need. EF's migrator takes a second to say "nothing", and nearly every start needs nothing:
/// so it is asked only when there is something to move, and an empty file gets all migrations at once as the script they print (a test compares them).
/// </summary>
internal static class Schema
{
    private static readonly Assembly Ours = typeof(Schema).Assembly;

    /// <summary>Every migration of this version, oldest first.</summary>
    public static IReadOnlyList<string> Known { get; } =
        [.. Ours.GetTypes().Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>().Order(StringComparer.Ordinal)];

    public static async Task BringUpToDateAsync(SqliteConnection connection, Func<IReadOnlyList<string>, CancellationToken, Task> migrate, CancellationToken ct)
    {
        if (await connection.AskAsync("SELECT count(*) FROM sqlite_master", ct) == 0)
        {
            await connection.RunAsync("PRAGMA journal_mode = WAL", ct);
            await connection.RunAsync(Script(), ct);
            return;
        }

        var applied = await AppliedAsync(connection, ct);
        if (applied.Except(Known).ToList() is [var newer, ..])
            throw new InvalidOperationException($"the database {connection.DataSource} was last used by a newer Slipway (it has {newer}): start that version, or put back the copy beside it that was made before the upgrade (slipway.db.before-…)");

        var pending = Known.Except(applied).ToList();
        if (pending.Count == 0) return;

        // EF's own lock is a row that a killed process leaves behind, and it would be waited for without end. Ours goes with the process.
        await connection.RunAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", ct);
        await migrate(pending, ct);
    }

    /// <summary>What <c>dotnet ef migrations script</c> prints; one transaction inside, so it is there whole or not at all.</summary>
    public static string Script()
    {
        using var script = new StreamReader(Ours.GetManifestResourceStream("schema.sql") ?? throw new InvalidOperationException("schema.sql is not in the assembly"));
        return script.ReadToEnd();
    }

    private static async Task<List<string>> AppliedAsync(SqliteConnection connection, CancellationToken ct)
    {
        var applied = new List<string>();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\"";
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) applied.Add(rows.GetString(0));
        return applied;
    }
}
