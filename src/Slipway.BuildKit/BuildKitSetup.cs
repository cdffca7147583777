using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Slipway.Core.Pipeline.Building;

namespace Slipway.BuildKit;

public static class BuildKitSetup
{
    /// <summary>Registers <see cref="IImageBuilder"/> by the engine's BuildKit or standalone ones.</summary>
    public static IServiceCollection AddBuildKit(this IServiceCollection services, Action<BuildKitOptions> configure)
    {
        services.Configure(configure);
        services.AddSingleton(s => new BuilderPool(s.GetRequiredService<IOptions<BuildKitOptions>>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IImageBuilder, BuildKitImageBuilder>();
        services.AddSingleton(s => new BuildCache(s.GetRequiredService<BuilderPool>()));
        return services;
    }
}
