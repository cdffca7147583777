using BuildKit.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Slipway.Core.Pipeline.Building;

namespace Slipway.BuildKit;

public static class BuildKitSetup
{
    /// <summary>Registers <see cref="IImageBuilder"/> by the engine's BuildKit.</summary>
    public static IServiceCollection AddBuildKit(this IServiceCollection services, Action<BuildKitOptions> configure)
    {
        services.Configure(configure);
        services.AddSingleton(s => new BuildKitClient(BuildKitEndpoint.DockerEngine(s.GetRequiredService<IOptions<BuildKitOptions>>().Value.EngineSocket), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IImageBuilder, BuildKitImageBuilder>();
        return services;
    }
}
