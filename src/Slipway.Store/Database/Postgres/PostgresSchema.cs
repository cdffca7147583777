using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Slipway.Store.Database.Postgres;

/// <summary>Decides what the schema's tables need, and does it in one transaction: there whole or not at all.</summary>
internal static class PostgresSchema
{
    /// <summary>One a schema: two Slipways in two schemas of one database don't wait for each other. It goes with the transaction, so a pooler may be between.</summary>
    public const string TakeLock = "SELECT pg_advisory_xact_lock(1936484722, hashtext(current_schema()))";

    public static async Task<Migrated> BringUpToDateAsync(NpgsqlConnection connection, SlipwayDb db, string where, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await RunAsync(connection, $"SET LOCAL lock_timeout = '60s'; {TakeLock}", ct);
        var migrated = await BringUpToDateAsync(connection, script => UpgradeScript(db, script), where, ct);
        await transaction.CommitAsync(ct);
        return migrated;
    }

    /// <summary>What the migrations after <paramref name="last"/> do.</summary>
    public static string UpgradeScript(SlipwayDb db, string? last = null) =>
        db.GetService<IMigrator>().GenerateScript(last, null, MigrationsSqlGenerationOptions.NoTransactions);

    private static async Task<Migrated> BringUpToDateAsync(NpgsqlConnection connection, Func<string, string> upgrade, string where, CancellationToken ct)
    {
        var script = SchemaScript.Postgres;
        var tables = await ListAsync(connection, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename", ct);
        if (tables.Count == 0)
        {
            await RunAsync(connection, script.Text, ct);
            return new Migrated(script.Known, WasEmpty: true, HoldsSecrets: false);
        }

        if (!tables.Contains("__EFMigrationsHistory"))
            throw new StoreStartException($"Slipway:Store:ConnectionString: {where} holds tables that are not Slipway's ({string.Join(", ", tables.Take(3))}, …): give Slipway a database of its own");
        var applied = await ListAsync(connection, "SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\" ORDER BY 1", ct);
        var pending = script.Pending(applied, $"the database {where}", "restore the backup that was made before the upgrade");
        if (pending.Count > 0) await RunAsync(connection, upgrade(applied[^1]), ct);
        return new Migrated(pending, WasEmpty: false, (await ListAsync(connection, "SELECT id FROM projects LIMIT 1", ct)).Count > 0);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
#pragma warning disable CA2100 // constants and what EF prints
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<List<string>> ListAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        var list = new List<string>();
#pragma warning disable CA2100 // constants
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct)) list.Add(rows.GetString(0));
        return list;
    }
}
