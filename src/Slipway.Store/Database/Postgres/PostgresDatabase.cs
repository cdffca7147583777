using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slipway.Core.Storage;
using Slipway.Store.Backups;

namespace Slipway.Store.Database.Postgres;

/// <summary>A PostgreSQL server. Nothing here is touched, and Npgsql not even loaded, while the store is a file.</summary>
internal sealed class PostgresDatabase : IStoreDatabase, IDisposable
{
    /// <summary>A process that hangs inside a transaction holds up the others no longer than this.</summary>
    private const string BeginWrite = $"SET LOCAL lock_timeout = '20s'; SET LOCAL idle_in_transaction_session_timeout = '20s'; {PostgresSchema.TakeLock}";

    /// <summary>While a database is away each of these would be pages a second; whoever asked says it once.</summary>
    private static readonly (EventId, LogLevel)[] Quiet =
    [
        (RelationalEventId.CommandExecuted, LogLevel.Debug), (RelationalEventId.CommandError, LogLevel.Debug), (RelationalEventId.ConnectionError, LogLevel.Debug),
        (RelationalEventId.TransactionError, LogLevel.Debug), (CoreEventId.QueryIterationFailed, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug),
    ];

    private readonly StoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly NpgsqlDataSource _source;
    private readonly PooledDbContextFactory<PostgresDb> _contexts;

    public PostgresDatabase(IServiceProvider services, StoreOptions options, ILogger<PostgresDatabase> log)
    {
        (_options, _log, _time) = (options, log, services.GetRequiredService<TimeProvider>());
        _source = PostgresConnections.Open(options);
        var db = new DbContextOptionsBuilder<PostgresDb>()
            .UseApplicationServiceProvider(services)
            .UseNpgsql(_source)
            .AddInterceptors(new BrokenConnections(_source))
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .ConfigureWarnings(w => w.Log(Quiet));
        _contexts = new PooledDbContextFactory<PostgresDb>(db.Options);
        var place = new NpgsqlConnectionStringBuilder(_source.ConnectionString);
        Where = $"{place.Database ?? place.Username} at {place.Host}:{place.Port}";
    }

    public string Where { get; }

    public string WorkFolder => Path.GetTempPath();

    public TimeSpan WriterPatience { get; } = TimeSpan.FromSeconds(20);

    public SlipwayDb CreateDbContext() => _contexts.CreateDbContext();

    public async Task<IDbContextTransaction> BeginWriteAsync(SlipwayDb db, CancellationToken ct)
    {
        try
        {
            return await BeginOnceAsync(db, ct);
        }
        catch (Exception e) when (StoreTrouble.Of(e) is { Kind: StoreTroubleKind.Unreachable })
        {
            // A connection that broke while it rested. Nothing was asked of it yet, so a new one may be tried.
            return await BeginOnceAsync(db, ct);
        }
    }

    private static async Task<IDbContextTransaction> BeginOnceAsync(SlipwayDb db, CancellationToken ct)
    {
        var transaction = await db.Database.BeginTransactionAsync(ct);
        try
        {
            await db.Database.ExecuteSqlRawAsync(BeginWrite, ct);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for a server that is not up yet, and names the setting that keeps it from being used.</summary>
    public async Task<Migrated> MigrateAsync(CancellationToken ct)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await MigrateOnceAsync(ct);
            }
            catch (Exception e) when (StoreTrouble.Of(e) is { } trouble)
            {
                var mayPass = trouble.Kind is StoreTroubleKind.Unreachable or StoreTroubleKind.Busy;
                if (!mayPass || TimeProvider.System.GetElapsedTime(since) > _options.StartPatience) throw new StoreStartException(StartAdvice.For(trouble, Where), e);
                _log.WaitingForDatabase(Where, trouble.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, ct);
            }
        }
    }

    private async Task<Migrated> MigrateOnceAsync(CancellationToken ct)
    {
        await using var connection = await _source.OpenConnectionAsync(ct);
        await PostgresFacts.DemandAsync(connection, Where, _options.MaxClockDifference, _time, ct);
        await using var db = CreateDbContext();
        var migrated = await PostgresSchema.BringUpToDateAsync(connection, db, Where, ct);
        if (migrated is { WasEmpty: false, Applied.Count: > 0 }) _log.Migrating(Where, string.Join(", ", migrated.Applied));
        return migrated;
    }

    public async Task<IReadOnlyList<TableCount>> CopyToFileAsync(string path, CancellationToken ct)
    {
        await using var file = await SqliteConnections.OpenAloneAsync(path, ct);
        await file.RunAsync(SchemaScript.Sqlite.Text, ct);
        await using var connection = await _source.OpenConnectionAsync(ct);
        // One moment's rows, whatever is written meanwhile.
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await file.RunAsync("BEGIN", ct);
        var counts = await TableCopy.CopyAsync(connection, file, Tables(), ct);
        await file.RunAsync("COMMIT", ct);
        return counts;
    }

    public async Task<IReadOnlyList<TableCount>> TakeFromFileAsync(string path, bool force, CancellationToken ct)
    {
        await MigrateAsync(ct);
        await SqliteDatabase.UpgradeAsync(path, _log, ct);
        var tables = Tables();
        await using var file = await SqliteConnections.OpenAloneAsync(path, ct);
        await using var connection = await _source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync($"SET LOCAL lock_timeout = '20s'; {PostgresSchema.TakeLock}", ct);
        await DemandUnusedAsync(connection, force, ct);
        foreach (var table in tables.Reverse()) await connection.ExecuteAsync($"DELETE FROM \"{table.Name}\"", ct);
        var counts = await TableCopy.CopyAsync(file, connection, tables, ct);
        foreach (var table in tables.Where(t => t.Numbered is not null))
        {
            await connection.ExecuteAsync($"SELECT setval(pg_get_serial_sequence('{table.Name}', '{table.Numbered}'), (SELECT COALESCE(MAX({table.Numbered}), 0) + 1 FROM {table.Name}), false)", ct);
        }

        await transaction.CommitAsync(ct);
        return counts;
    }

    private async Task DemandUnusedAsync(NpgsqlConnection connection, bool force, CancellationToken ct)
    {
        if (await connection.ScalarAsync($"SELECT client_addr::text FROM pg_stat_activity WHERE datname = current_database() AND application_name = '{PostgresConnections.ServerName}' AND pid <> pg_backend_pid() LIMIT 1", ct) is { } address)
            throw new StoreStartException($"a Slipway server{(address is string from ? $" at {from}" : "")} uses {Where}: stop it first (slipway down)");
        if (!force && await connection.ScalarAsync("SELECT 1 FROM projects LIMIT 1", ct) is not null)
            throw new StoreStartException($"{Where} holds projects already; with --force they are replaced");
    }

    private IReadOnlyList<StoredTable> Tables()
    {
        using var db = CreateDbContext();
        return StoredTable.All(db);
    }

    public void Dispose() => _source.Dispose();
}
