using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Slipway.Store.Database;
using Slipway.Store.Encryption;

namespace Slipway.Store.Backups;

/// <summary>
/// A backup is a SQLite file with Slipway's tables, whichever database they came from, and one table more that says what it is.
/// Secrets in it stay encrypted under the home's master key, which is not in it.
/// </summary>
internal static class BackupFile
{
    private const string Format = "1";
    private const string KeyCheck = "backup.key_check";

    /// <summary>Makes a backup of a copy that holds all tables.</summary>
    public static async Task MarkAsync(string path, MasterKey key, string from, TimeProvider time, CancellationToken ct)
    {
        await using var connection = await SqliteConnections.OpenAloneAsync(path, ct);
        await connection.RunAsync("CREATE TABLE slipway_backup (format TEXT NOT NULL, made_at TEXT NOT NULL, made_from TEXT NOT NULL, key_check BLOB NOT NULL)", ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO slipway_backup VALUES ($format, $at, $from, $check)";
        command.Parameters.AddWithValue("$format", Format);
        command.Parameters.AddWithValue("$at", time.GetUtcNow().ToString("O"));
        command.Parameters.AddWithValue("$from", from);
        command.Parameters.AddWithValue("$check", key.Seal("slipway", KeyCheck));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Copies it to <paramref name="path"/> and makes a plain database of the copy.</summary>
    /// <exception cref="StoreStartException">It is no backup, damaged, of a newer Slipway, or its secrets are not for our key.</exception>
    public static async Task UnpackAsync(string file, string path, MasterKey key, CancellationToken ct)
    {
        OwnFile.Copy(file, path);
        try
        {
            await using var connection = await SqliteConnections.OpenAloneAsync(path, ct);
            if (await connection.AskAsync("SELECT count(*) FROM sqlite_master WHERE name = 'slipway_backup'", ct) == 0) throw new StoreStartException($"{file} is a database, but no backup that Slipway made");
            DemandKey((byte[]?)await connection.ScalarAsync("SELECT key_check FROM slipway_backup", ct) ?? [], file, key);
            if (await connection.ScalarAsync("PRAGMA integrity_check", ct) is not "ok") throw new StoreStartException($"{file} is damaged: take another backup");
            SchemaScript.Sqlite.Pending(await SqliteSchema.AppliedAsync(connection, ct), file, "take a backup of this one");
            await connection.RunAsync("DROP TABLE slipway_backup", ct);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 26 or 11)
        {
            throw new StoreStartException($"{file} is no backup that Slipway made, or it is damaged", e);
        }
    }

    private static void DemandKey(byte[] check, string file, MasterKey key)
    {
        key.Prepare(isInUse: true);
        try
        {
            key.Open(check, KeyCheck);
        }
        catch (CryptographicException e)
        {
            throw new StoreStartException($"{file} was made under another master key than this home's: put back the key that belongs to it (keys/master.key)", e);
        }
    }
}
