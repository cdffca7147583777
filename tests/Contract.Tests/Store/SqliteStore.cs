using Microsoft.Extensions.DependencyInjection;
using Slipway.Core.Access;
using Slipway.Core.Auditing;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Domains;
using Slipway.Core.Projects;
using Slipway.Core.Queueing;
using Slipway.Core.Webhooks;
using Slipway.Store;
using Slipway.Testing.Contracts;

namespace Contract.Tests.Store;

/// <summary>The real store on a real file in a folder of its own.</summary>
internal static class SqliteStore
{
    public static async Task<StoreParts> StartAsync(TimeProvider time, Action<StoreOptions>? more = null)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-store-").FullName;
        var services = await OpenAsync(folder, time, more);
        return PartsOf(services, async () =>
        {
            await services.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        });
    }

    /// <summary>Another process, as far as the store can tell: nothing is shared but the files.</summary>
    public static async Task<ServiceProvider> OpenAsync(string folder, TimeProvider time, Action<StoreOptions>? more = null)
    {
        var services = new ServiceCollection()
            .AddSingleton(time)
            .AddStore(options =>
            {
                (options.DatabasePath, options.MasterKeyFile) = (DatabaseIn(folder), KeyIn(folder));
                more?.Invoke(options);
            })
            .BuildServiceProvider(validateScopes: true);
        await services.GetRequiredService<StoreMigrator>().MigrateAsync(CancellationToken.None);
        return services;
    }

    public static string DatabaseIn(string folder) => Path.Combine(folder, "slipway.db");

    public static string KeyIn(string folder) => Path.Combine(folder, "keys", "master.key");

    public static StoreParts PartsOf(IServiceProvider services, Func<ValueTask> stop) => new(
        services.GetRequiredService<IProjectStore>(),
        services.GetRequiredService<IDeploymentStore>(),
        services.GetRequiredService<IWorkQueue>(),
        services.GetRequiredService<IDeadLetters>(),
        services.GetRequiredService<IBuildLog>(),
        services.GetRequiredService<IAccessStore>(),
        services.GetRequiredService<IWebhookStore>(),
        services.GetRequiredService<IDomainStore>(),
        services.GetRequiredService<IAuditLog>(),
        stop);
}
