using System.Globalization;
using Npgsql;

namespace Slipway.Store.Database.Postgres;

/// <summary>What a server must be like; asked once, before anything is changed there.</summary>
internal static class PostgresFacts
{
    private static readonly Version Oldest = new(13, 0);

    /// <exception cref="StoreStartException">It is not.</exception>
    public static async Task DemandAsync(NpgsqlConnection connection, string where, TimeSpan maxClockDifference, TimeProvider time, CancellationToken ct)
    {
        if (connection.PostgreSqlVersion < Oldest) throw new StoreStartException($"{where} is PostgreSQL {connection.PostgreSqlVersion}; Slipway needs {Oldest.Major} or newer");
        await using var command = new NpgsqlCommand("SELECT clock_timestamp(), current_setting('server_encoding'), current_schema()", connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        if (row.GetString(1) is not "UTF8" and var encoding) throw new StoreStartException($"{where} stores text as {encoding}; make a database that can hold all of it: CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0");
        if (await row.IsDBNullAsync(2, ct)) throw new StoreStartException($"Slipway:Store:ConnectionString: {where} has no schema of the Search Path; make it, or correct Search Path");
        var ahead = await row.GetFieldValueAsync<DateTimeOffset>(0, ct) - time.GetUtcNow();
        if (ahead.Duration() <= maxClockDifference) return;
        throw new StoreStartException(string.Create(CultureInfo.InvariantCulture, $"the clock of {where} is {Math.Abs(ahead.TotalMinutes):0} minutes {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this machine's; set both right (NTP). Slipway:Store:MaxClockDifference is {maxClockDifference}"));
    }
}
