using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.Access;
using Slipway.Core.Auditing;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Domains;
using Slipway.Core.Projects;
using Slipway.Core.Queueing;
using Slipway.Core.RuntimeLogs;
using Slipway.Core.Webhooks;
using Slipway.Store.Access;
using Slipway.Store.Auditing;
using Slipway.Store.BuildLogs;
using Slipway.Store.Database;
using Slipway.Store.Database.Postgres;
using Slipway.Store.Deployments;
using Slipway.Store.Domains;
using Slipway.Store.Encryption;
using Slipway.Store.Projects;
using Slipway.Store.Queueing;
using Slipway.Store.RuntimeLogs;
using Slipway.Store.Webhooks;

namespace Slipway.Store;

public static class StoreRegistration
{
    /// <summary>The store behind the Core seams. Await <see cref="StoreMigrator.MigrateAsync"/> before anything uses them.</summary>
    public static IServiceCollection AddStore(this IServiceCollection services, Action<StoreOptions>? configure = null)
    {
        var options = services.AddOptions<StoreOptions>().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.AddSingleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>();

        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(Database);
        services.AddSingleton<IDbContextFactory<SlipwayDb>>(provider => provider.GetRequiredService<IStoreDatabase>());
        services.AddSingleton<StoreFile>();
        services.AddSingleton<MasterKey>();
        services.AddSingleton(provider => new StoreMigrator(provider.GetRequiredService<IStoreDatabase>(), provider.GetRequiredService<MasterKey>()));
        services.AddSingleton(provider => new StoreTransfer(provider.GetRequiredService<IStoreDatabase>(), provider.GetRequiredService<MasterKey>(), provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<WarmUp>();

        services.AddSingleton(provider => new StoreCounts(provider.GetRequiredService<StoreFile>()));
        services.AddSingleton(provider => new EmbeddedLeases(provider.GetRequiredService<StoreFile>()));
        services.AddSingleton<IProjectStore, ProjectStore>();
        services.AddSingleton<IDeploymentStore, DeploymentStore>();
        services.AddSingleton<WorkQueue>().AddSingleton<IWorkQueue>(s => s.GetRequiredService<WorkQueue>()).AddSingleton<IDeadLetters>(s => s.GetRequiredService<WorkQueue>());
        services.AddSingleton<IBuildLog, BuildLog>();
        services.AddSingleton<IAccessStore, AccessStore>();
        services.AddSingleton<IWebhookStore, WebhookStore>();
        services.AddSingleton<IDomainStore, DomainStore>();
        services.AddSingleton<IAuditLog, AuditLog>();
        return services;
    }

    /// <summary>What apps print, in files below <paramref name="folder"/>.</summary>
    public static IServiceCollection AddRuntimeLogs(this IServiceCollection services, string folder) => services.AddSingleton<IRuntimeLog>(provider =>
    {
        var options = provider.GetRequiredService<IOptions<RuntimeLogOptions>>().Value;
        return new RuntimeLogFiles(folder, (long)options.DeploymentMegabytes << 20, (long)options.TotalMegabytes << 20, provider.GetRequiredService<TimeProvider>());
    });

    private static IStoreDatabase Database(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<StoreOptions>>();
        return options.Value.IsPostgres ? Postgres(services, options.Value) : new SqliteDatabase(services, options, services.GetRequiredService<ILogger<SqliteDatabase>>());
    }

    /// <summary>Apart, so that Npgsql is loaded by who uses it and by nobody else.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IStoreDatabase Postgres(IServiceProvider services, StoreOptions options) =>
        new PostgresDatabase(services, options, services.GetRequiredService<ILogger<PostgresDatabase>>());
}
