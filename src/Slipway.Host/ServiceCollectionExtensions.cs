using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Slipway.Core.Hosting;
using Slipway.Host.Cgroups;

namespace Slipway.Host;

public static class ServiceCollectionExtensions
{
    /// <summary><see cref="IHostControl"/> by nftables and <see cref="IBuildMachine"/> by cgroups, in this process.</summary>
    public static IServiceCollection AddHostControl(this IServiceCollection services, Action<HostOptions> configure)
    {
        services.AddOptions<HostOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HostOptions>, HostOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<HostNetwork>();
        services.TryAddSingleton<FenceTrial>();
        services.TryAddSingleton<IHostControl, NftablesControl>();
        services.TryAddSingleton<IBuildMachine, CgroupBuildMachine>();
        services.TryAddSingleton<IFreezer>(provider => new CgroupFreezer(CgroupTree.OfHost, provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
