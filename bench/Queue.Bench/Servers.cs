using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core;
using Slipway.Nats;
using Slipway.Store;
using Slipway.Testing.Nats;
using Slipway.Testing.Postgres;

namespace Queue.Bench;

/// <summary>The real servers, and homes on them.</summary>
internal sealed class Servers(NatsServer nats, PostgresServer postgres) : IAsyncDisposable
{
    public static async Task<Servers> StartAsync() => new(await NatsServer.StartAsync(), await PostgresServer.StartAsync());

    /// <summary>A prefix of its own on the NATS server.</summary>
    public static string NewPrefix() => $"b{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    public void Nats(NatsOptions options, string prefix) => (options.Url, options.Prefix) = (nats.Url, prefix);

    /// <summary>A store of its own, migrated.</summary>
    public async Task<ServiceCollection> StoreAsync(bool isPostgres)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-bench-").FullName;
        var schema = $"b{RandomNumberGenerator.GetHexString(10, lowercase: true)}";
        if (isPostgres) await postgres.AskAsync($"CREATE SCHEMA {schema}");
        var services = new ServiceCollection();
        services.AddMetrics().AddSingleton(TimeProvider.System).AddStore(o =>
        {
            (o.DatabasePath, o.MasterKeyFile) = (Path.Combine(folder, "slipway.db"), Path.Combine(folder, "master.key"));
            if (isPostgres) (o.Database, o.ConnectionString, o.PasswordFile) = (StoreOptions.Postgres, $"{postgres.ConnectionString()};Search Path={schema}", postgres.PasswordFile);
        });
        await using var migrating = services.BuildServiceProvider();
        await migrating.GetRequiredService<StoreMigrator>().MigrateAsync(CancellationToken.None);
        return services;
    }

    public async Task<ServiceProvider> WithNatsAsync(ServiceCollection services, string prefix)
    {
        services.AddSingleton<Slipway.Core.Queueing.IUploadLinks, NoUploads>().AddSingleton<Slipway.Core.Queueing.StoreClaims>();
        services.AddNatsControl("bench", "00000000", new Secret("bench"), TimeSpan.FromSeconds(30), o => Nats(o, prefix));
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<NatsStart>().ControlAsync(CancellationToken.None);
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await nats.DisposeAsync();
        await postgres.DisposeAsync();
    }

    private sealed class NoUploads : Slipway.Core.Queueing.IUploadLinks
    {
        public string? LinkTo(UploadId upload) => null;
    }
}
