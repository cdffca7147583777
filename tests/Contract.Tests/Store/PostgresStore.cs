using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Store;
using Slipway.Testing.Contracts;
using Slipway.Testing.Postgres;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace Contract.Tests.Store;

/// <summary>The real store on a real PostgreSQL, in a schema of its own.</summary>
internal static class PostgresStore
{
    public static async Task<StoreParts> StartAsync(TimeProvider time, Action<StoreOptions>? more = null)
    {
        var server = await SharedPostgres.ServerAsync();
        var folder = Directory.CreateTempSubdirectory("slipway-store-").FullName;
        var services = await OpenAsync(await NewSchemaAsync(server), server, folder, time, more);
        return SqliteStore.PartsOf(services, async () =>
        {
            await services.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        });
    }

    /// <returns>How it is connected to.</returns>
    public static async Task<string> NewSchemaAsync(PostgresServer server)
    {
        var schema = $"s{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        await server.AskAsync($"CREATE SCHEMA {schema}");
        return $"{server.ConnectionString()};Search Path={schema}";
    }

    /// <summary>Another process, as far as the store can tell: nothing is shared but the database and the key.</summary>
    public static async Task<ServiceProvider> OpenAsync(string connection, PostgresServer server, string folder, TimeProvider time, Action<StoreOptions>? more = null)
    {
        var services = Services(connection, server.PasswordFile, folder, time, more);
        await services.GetRequiredService<StoreMigrator>().MigrateAsync(CancellationToken.None);
        return services;
    }

    public static ServiceProvider Services(string connection, string passwordFile, string folder, TimeProvider time, Action<StoreOptions>? more = null) => new ServiceCollection()
        .AddSingleton(time)
        .AddStore(options =>
        {
            (options.Database, options.ConnectionString, options.PasswordFile) = (StoreOptions.Postgres, connection, passwordFile);
            options.MasterKeyFile = SqliteStore.KeyIn(folder);
            // The clock of tests stands.
            options.MaxClockDifference = TimeSpan.MaxValue;
            more?.Invoke(options);
        })
        .BuildServiceProvider(validateScopes: true);
}
