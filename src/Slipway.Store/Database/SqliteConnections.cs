using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Slipway.Store.Database;

/// <summary>How every connection to the file is opened.</summary>
internal static class SqliteConnections
{
    public static void Configure(DbContextOptionsBuilder db, string path, bool pooling = true) => db
        .UseSqlite(ConnectionString(path, pooling))
        .AddInterceptors(new OpenedConnection())
        .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
        .ConfigureWarnings(w => w.Log((RelationalEventId.CommandExecuted, LogLevel.Debug)));

    /// <summary>Without EF, whose first use costs most of a second.</summary>
    public static async Task<SqliteConnection> OpenAsync(string path, CancellationToken ct)
    {
        var connection = new SqliteConnection(ConnectionString(path));
        await connection.OpenAsync(ct);
        await connection.RunAsync(OpenedConnection.Pragmas, ct);
        return connection;
    }

    /// <summary>One connection that lets go of the file when it is closed.</summary>
    public static async Task<SqliteConnection> OpenAloneAsync(string path, CancellationToken ct)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ToString());
        await connection.OpenAsync(ct);
        await connection.RunAsync(OpenedConnection.Pragmas, ct);
        return connection;
    }

    public static async Task RunAsync(this SqliteConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // callers hold constants
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>One number.</summary>
    public static async Task<long> AskAsync(this SqliteConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // callers hold constants
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct));
    }

    private static string ConnectionString(string path, bool pooling = true) => new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, Pooling = pooling }.ToString();

    private sealed class OpenedConnection : DbConnectionInterceptor
    {
        // FULL: an accepted change survives a power cut, not only kill -9 (which NORMAL would survive too, in WAL mode).
        // busy_timeout is for other processes on the same file; inside this one StoreFile lets writers in one by one.
        public const string Pragmas = "PRAGMA busy_timeout = 30000; PRAGMA synchronous = FULL;";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Set(connection);
            return Task.CompletedTask;
        }

        private static void Set(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }
    }
}
