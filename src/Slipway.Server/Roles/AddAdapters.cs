using Slipway.BuildKit;
using Slipway.Docker;
using Slipway.Edge;
using Slipway.Core.Hosting;
using Slipway.Git;
using Slipway.Registry;
using Slipway.Server.Hosting;
using Slipway.Store;

namespace Slipway.Server.Roles;

/// <summary>Which adapter serves which seam on one machine.</summary>
internal static class AddAdapters
{
    public static void To(IServiceCollection services, IConfiguration settings, HomeFolder home)
    {
        services.AddHomeStore(settings, home);
        services.AddSources(o =>
        {
            settings.GetSection(SourceOptions.Section).Bind(o);
            o.UploadsDirectory = home.Paths.Uploads;
        });
        services.AddFirewall(settings, home).AddHostedService<FirewallKeeper>();
        services.AddSingleton<BuildLimits>().AddHostedService<BuildLimitsKeeper>();
        services.AddBaseImages(o =>
        {
            settings.GetSection(BaseImageOptions.Section).Bind(o);
            o.HomeId = home.Id;
            o.WorkDirectory = Path.Combine(home.Paths.Root, "bases");
            o.Checkout = Environment.GetEnvironmentVariable("SLIPWAY_CHECKOUT") ?? "";
            if (o.StaticRoot.Length == 0) o.StaticRoot = o.Checkout.Length > 0 ? Path.Combine(o.Checkout, "artifacts", "static") : Path.Combine(AppContext.BaseDirectory, "static");
        });
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
            o.EngineSocket = EngineSocket(settings);
            if (registry.IsWanted) o.Push = RegistrySettings.ForBuilder(registry);
        });
        services.AddEdgeRouter(o => o.Use(home.Paths));
    }

    /// <summary>The database that the home's settings name.</summary>
    public static IServiceCollection AddHomeStore(this IServiceCollection services, IConfiguration settings, HomeFolder home, Action<StoreOptions>? more = null) => services.AddStore(o =>
    {
        settings.GetSection(StoreOptions.Section).Bind(o);
        o.DatabasePath = home.Paths.Database;
        o.MasterKeyFile = Path.Combine(home.Paths.Keys, "master.key");
        more?.Invoke(o);
    });

    /// <summary>The one that the runtime uses, as a path.</summary>
    private static string EngineSocket(IConfiguration settings)
    {
        var text = settings[$"{DockerOptions.Section}:Endpoint"] ?? Environment.GetEnvironmentVariable("DOCKER_HOST");
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == "unix" ? uri.AbsolutePath : "/var/run/docker.sock";
    }
}
