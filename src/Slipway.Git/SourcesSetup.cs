using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Git;

public static class SourcesSetup
{
    /// <summary>Registers <see cref="ISourceFetcher"/> for git repositories and uploads.</summary>
    public static IServiceCollection AddSources(this IServiceCollection services, Action<SourceOptions> configure)
    {
        services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IGitCredentials, NoGitCredentials>();
        services.AddSingleton<GitFetch>().AddSingleton<UploadExtraction>().AddSingleton<AddressRule>();
        services.AddSingleton<ISourceFetcher, SourceFetcher>();
        return services;
    }
}
