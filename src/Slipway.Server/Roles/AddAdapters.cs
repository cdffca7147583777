using Slipway.BuildKit;
using Slipway.Docker;
using Slipway.Edge;
using Slipway.Core;
using Slipway.Core.Hosting;
using Slipway.Core.Metrics;
using Slipway.Core.Queueing;
using Slipway.Git;
using Slipway.Nats;
using Slipway.Registry;
using Slipway.Server.Hosting;
using Slipway.Server.Planning;
using Slipway.Store;

namespace Slipway.Server.Roles;

/// <summary>Which adapter serves which seam on one machine.</summary>
internal static class AddAdapters
{
    public static void To(IServiceCollection services, IConfiguration settings, HomeFolder home)
    {
        services.AddHomeStore(settings, home);
        ToBuild(services, settings, home);
        AddQueue(services, settings, home);
        services.AddHostedService<FirewallKeeper>();
        services.AddEdgeRouter(o =>
        {
            o.Use(home.Paths);
            o.Probes = settings.GetValue($"{EdgeOptions.Section}:Probes", false);
            if (settings[$"{EdgeOptions.Section}:InternalUrl"] is { Length: > 0 } address) o.PublicAddress = () => new Uri(address);
        });
    }

    /// <summary>What a build needs, here or on a worker's own host.</summary>
    public static void ToBuild(IServiceCollection services, IConfiguration settings, HomeFolder home)
    {
        services.AddPlanner(settings);
        services.AddSources(o =>
        {
            settings.GetSection(SourceOptions.Section).Bind(o);
            o.UploadsDirectory = home.Paths.Uploads;
        });
        services.AddFirewall(settings, home);
        services.AddSingleton<BuildLimits>().AddHostedService<BuildLimitsKeeper>();
        AddBases(services, settings, home);
        var (registry, builder) = (RegistrySettings.Read(settings), BuildKitSettings.Read(settings));
        if (registry.IsWanted)
        {
            services.AddImageRegistry(new HomeNames(home.Id).ImagePrefix, o => settings.GetSection(RegistryOptions.Section).Bind(o));
            if (builder.IsStandalone) services.AddRegistryBases($"slipway-{home.Id}-bases/");
            services.AddSingleton<RegistryWatch>().AddHostedService(s => s.GetRequiredService<RegistryWatch>());
        }

        services.AddBuildKit(o =>
        {
            settings.GetSection(BuildKitOptions.Section).Bind(o);
            o.EngineSocket = EngineSocket.Of(settings);
            if (registry.IsWanted) o.Push = RegistrySettings.ForBuilder(registry);
        });
    }

    /// <summary>What images stand on.</summary>
    public static void AddBases(IServiceCollection services, IConfiguration settings, HomeFolder home) =>
        services.AddBaseImages(o =>
        {
            settings.GetSection(BaseImageOptions.Section).Bind(o);
            o.HomeId = home.Id;
            o.WorkDirectory = Path.Combine(home.Paths.Root, "bases");
            o.Checkout = Environment.GetEnvironmentVariable("SLIPWAY_CHECKOUT") ?? "";
            if (o.StaticRoot.Length == 0) o.StaticRoot = o.Checkout.Length > 0 ? Path.Combine(o.Checkout, "artifacts", "static") : Path.Combine(AppContext.BaseDirectory, "static");
        });

    /// <summary>Where a NATS server is named, jobs go there, and workers' logs and results come from there.</summary>
    public static void AddQueue(IServiceCollection services, IConfiguration settings, HomeFolder home)
    {
        services.AddSingleton<UploadLinks>().AddSingleton<IUploadLinks>(s => s.GetRequiredService<UploadLinks>());
        if (!NatsSettings.Read(settings).IsWanted) return;
        services.AddNatsControl(BuildVersion.Text, home.Id, new Secret(home.Token), NatsSettings.LeaseDuration(settings), o => settings.GetSection(NatsOptions.Section).Bind(o))
            .AddGauge("slipway.queue.lag", "{message}", "Messages of a stream on the NATS server that nobody has taken in yet, by stream: jobs, logs or results.", async (s, ct) => await s.GetRequiredService<NatsStart>().LagAsync(ct));
    }

    /// <summary>The database that the home's settings name.</summary>
    public static IServiceCollection AddHomeStore(this IServiceCollection services, IConfiguration settings, HomeFolder home, Action<StoreOptions>? more = null) => services.AddStore(o =>
    {
        settings.GetSection(StoreOptions.Section).Bind(o);
        o.DatabasePath = home.Paths.Database;
        if (settings[$"{StoreOptions.Section}:MasterKeyFile"] is not { Length: > 0 }) o.MasterKeyFile = Path.Combine(home.Paths.Keys, "master.key");
        more?.Invoke(o);
    });
}
