using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.Hosting;
using Slipway.Host.Cgroups;
using Slipway.Host.Companion;

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
        services.TryAddSingleton<IBuildMachine>(BuildMachine);
        services.TryAddSingleton<IFreezer>(provider => provider.GetRequiredService<IOptions<HostOptions>>().Value.Companion is { Length: > 0 } companion
            ? new CompanionFreezer(companion)
            : new CgroupFreezer(CgroupTree.OfHost, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ICgroupReader>(new CgroupReader(CgroupTree.OfHost));
        return services;
    }

    /// <summary>The steps of all builds on this host, held here and told to those who build.</summary>
    public static IServiceCollection AddStepKeeping(this IServiceCollection services) =>
        services.AddSingleton<IBuildMachine>(provider => Cgroups(provider, Reports(provider)));

    private static IBuildMachine BuildMachine(IServiceProvider provider) =>
        Reports(provider) is { } reports ? new ReportedBuildMachine(Cgroups(provider), reports) : Cgroups(provider);

    private static CgroupBuildMachine Cgroups(IServiceProvider provider, StepReports? reports = null) =>
        new(provider.GetRequiredService<IOptions<HostOptions>>(), provider.GetRequiredService<ILogger<CgroupBuildMachine>>(), reports);

    private static StepReports? Reports(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<HostOptions>>().Value.StepReports is { Length: > 0 } folder ? new StepReports(folder, provider.GetRequiredService<TimeProvider>()) : null;
}
