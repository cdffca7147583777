using BuildKit.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Slipway.Core.Pipeline.Building;

namespace Slipway.BuildKit;

public static class BuildKitSetup
{
    /// <summary>Registers <see cref="IImageBuilder"/> by the engine's BuildKit or a standalone one.</summary>
    public static IServiceCollection AddBuildKit(this IServiceCollection services, Action<BuildKitOptions> configure)
    {
        services.Configure(configure);
        services.AddSingleton(s => new BuildKitClient(s.GetRequiredService<IOptions<BuildKitOptions>>().Value.ToEndpoint(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IImageBuilder, BuildKitImageBuilder>();
        services.AddSingleton(s => new BuildCache(s.GetRequiredService<BuildKitClient>()));
        return services;
    }
}
