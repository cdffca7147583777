using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Shipping;

namespace Slipway.Registry;

public static class RegistrySetup
{
    /// <summary>The registry as <see cref="IImageRegistry"/>, before the one that was registered so far, which keeps the engine's copies.</summary>
    /// <param name="prefix">What the names of this home's repositories begin with: <c>slipway-0123abcd/</c>.</param>
    public static IServiceCollection AddImageRegistry(this IServiceCollection services, string prefix, Action<RegistryOptions> configure)
    {
        services.AddOptions<RegistryOptions>().Configure(configure);
        var engine = services.Last(d => d.ServiceType == typeof(IImageRegistry));
        services.Remove(engine);
        services.AddSingleton(s => new RegistryClient(Http(s.GetRequiredService<IOptions<RegistryOptions>>().Value), s.GetRequiredService<IOptions<RegistryOptions>>()));
        services.AddSingleton(s => new RegistryStatus(s.GetRequiredService<RegistryClient>(), s.GetRequiredService<IImageTransfer>(), s.GetRequiredService<IOptions<RegistryOptions>>()));
        return services.AddSingleton<IImageRegistry>(s => new OciImageRegistry(
            s.GetRequiredService<RegistryClient>(), (IImageRegistry)ActivatorUtilities.CreateInstance(s, engine.ImplementationType ?? throw new InvalidOperationException("the engine's store is registered by its type")),
            s.GetRequiredService<IImageTransfer>(), prefix, s.GetRequiredService<IOptions<RegistryOptions>>(), s.GetRequiredService<ILogger<OciImageRegistry>>()));
    }

    /// <summary>For a builder that is not the engine's: the bases that were registered so far, by way of the registry.</summary>
    /// <param name="repositories"><c>slipway-0123abcd-bases/</c>.</param>
    public static IServiceCollection AddRegistryBases(this IServiceCollection services, string repositories)
    {
        var engine = services.Last(d => d.ServiceType == typeof(IBaseImages));
        services.Remove(engine);
        return services.AddSingleton<IBaseImages>(s => new RegistryBases(
            (IBaseImages)(engine.ImplementationFactory?.Invoke(s) ?? ActivatorUtilities.CreateInstance(s, engine.ImplementationType!)),
            s.GetRequiredService<RegistryClient>(), s.GetRequiredService<IImageTransfer>(), repositories, s.GetRequiredService<IOptions<RegistryOptions>>()));
    }

    internal static HttpClient Http(RegistryOptions options)
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (options.AuthorityFile.Length > 0)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(options.AuthorityFile);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        // Manifests and configurations, never layers: whoever answers with more is no registry of ours.
        return new HttpClient(handler) { MaxResponseContentBufferSize = 16 << 20 };
    }
}
