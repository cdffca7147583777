using Docker.DotNet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Slipway.Core.Pipeline.Building;
using Slipway.Docker.BaseImages;

namespace Slipway.Docker;

public static class BaseImagesSetup
{
    /// <summary>Registers <see cref="IBaseImages"/> by the engine of <see cref="ServiceCollectionExtensions.AddDocker"/>.</summary>
    public static IServiceCollection AddBaseImages(this IServiceCollection services, Action<BaseImageOptions> configure)
    {
        services.Configure(configure);
        services.AddSingleton(s =>
        {
            var o = s.GetRequiredService<IOptions<BaseImageOptions>>().Value;
            return new LocalBaseImageOptions { WorkDirectory = o.WorkDirectory, Owner = o.HomeId };
        });
        services.AddSingleton(s => new ImageMaking(s.GetRequiredService<IDockerClient>(), s.GetRequiredService<LocalBaseImageOptions>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new LocalBaseImages(s.GetRequiredService<ImageMaking>(), new HttpClient(), s.GetRequiredService<LocalBaseImageOptions>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new DotnetImages(s.GetRequiredService<ImageMaking>(), s.GetRequiredService<LocalBaseImages>()));
        services.AddSingleton<EngineBaseImages>().AddSingleton<IBaseImages>(s => s.GetRequiredService<EngineBaseImages>());
        services.AddSingleton(s => new StackImageShelf(
            new StackImages(s.GetRequiredService<ImageMaking>(), s.GetRequiredService<LocalBaseImages>(), s.GetRequiredService<DotnetImages>()),
            s.GetRequiredService<EngineBaseImages>(), s.GetRequiredService<LocalBaseImages>(), s.GetRequiredService<IOptions<BaseImageOptions>>()));
        return services;
    }
}
