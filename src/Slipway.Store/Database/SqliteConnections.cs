using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Slipway.Store.Database;

/// <summary>How every connection to the file is opened.</summary>
internal static class SqliteConnections
{
    public static void Configure(DbContextOptionsBuilder db, string path) => db
        .UseSqlite(new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true }.ToString())
        .AddInterceptors(new OpenedConnection())
        .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
        .ConfigureWarnings(w => w.Log((RelationalEventId.CommandExecuted, LogLevel.Debug)));

    private sealed class OpenedConnection : DbConnectionInterceptor
    {
        // FULL: an accepted change survives a power cut, not only kill -9 (which NORMAL would survive too, in WAL mode).
        // busy_timeout is for other processes on the same file; inside this one StoreFile lets writers in one by one.
        private const string Pragmas = "PRAGMA busy_timeout = 30000; PRAGMA synchronous = FULL;";

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
