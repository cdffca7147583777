using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

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

    public void Dispose() => _source.Dispose();
}
