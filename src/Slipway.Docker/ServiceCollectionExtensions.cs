using Docker.DotNet;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Docker.Running;
using Slipway.Docker.Shipping;

namespace Slipway.Docker;

public static class ServiceCollectionExtensions
{
    /// <summary>The Docker Engine of this machine as <see cref="IContainerRuntime"/> and, with its own image store, as <see cref="IImageRegistry"/>; <see cref="EngineProbe"/> to look at it.</summary>
    public static IServiceCollection AddDocker(this IServiceCollection services, Action<DockerOptions> configure)
    {
        services.AddOptions<DockerOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DockerOptions>, DockerOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDockerClient>(provider => EngineClient.Connect(provider.GetRequiredService<IOptions<DockerOptions>>().Value));
        services.TryAddSingleton<ServeNetwork>();
        services.TryAddSingleton<DockerVolumes>();
        services.TryAddSingleton<IVolumes>(provider => provider.GetRequiredService<DockerVolumes>());
        services.TryAddSingleton<IContainerRuntime, DockerRuntime>();
        services.TryAddSingleton<IInstanceCommands, DockerCommands>();
        services.TryAddSingleton<IInstanceUsage, DockerUsage>();
        services.TryAddSingleton<IImageRegistry, EngineImageStore>();
        services.TryAddSingleton<IImageTransfer, EngineTransfer>();
        services.TryAddSingleton(provider => new EngineProbe(
            provider.GetRequiredService<IOptions<DockerOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new EngineChanges(
            provider.GetRequiredService<IOptions<DockerOptions>>(), provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
