using System.Security.Cryptography;
using Slipway.Store;
using Slipway.Testing.Contracts;
using Slipway.Testing.Postgres;

namespace Contract.Tests.Store;

/// <summary>The store with PgBouncer between, in transaction mode: nothing of it may outlive a transaction.</summary>
internal static class PgBouncerStore
{
    public static async Task<StoreParts> StartAsync(TimeProvider time, Action<StoreOptions>? more = null)
    {
        var server = await SharedPostgres.ServerAsync();
        var bouncer = await PgBouncer.StartAsync(server);
        var folder = Directory.CreateTempSubdirectory("slipway-store-").FullName;
        // A database and not a schema: a search path is a session's.
        var database = $"b{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        await server.AskAsync($"CREATE DATABASE {database}");
        var services = await PostgresStore.OpenAsync(bouncer.ConnectionString(database), server, folder, time, more);
        return SqliteStore.PartsOf(services, async () =>
        {
            await services.DisposeAsync();
            await bouncer.DisposeAsync();
            await server.AskAsync($"DROP DATABASE {database} WITH (FORCE)");
            Directory.Delete(folder, recursive: true);
        });
    }
}

public sealed class PgBouncerDeploymentStoreTests : DeploymentStoreContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => PgBouncerStore.StartAsync(time);
}

public sealed class PgBouncerWorkQueueTests : StoreQueueContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => PgBouncerStore.StartAsync(time);
}

public sealed class PgBouncerAuditLogTests : AuditLogContract
{
    protected override Task<StoreParts> StartAsync(TimeProvider time) => PgBouncerStore.StartAsync(time, o => o.AuditEntries = Kept);
}
