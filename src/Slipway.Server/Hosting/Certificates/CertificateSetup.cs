using Slipway.Acme;
using Slipway.Core.Certificates;

namespace Slipway.Server.Hosting.Certificates;

internal static class CertificateSetup
{
    /// <summary>Who looks after the edge's certificates, and fetches them where <c>Slipway:Acme</c> says so.</summary>
    /// <exception cref="SettingsException">It cannot be right.</exception>
    public static IServiceCollection AddCertificates(this IServiceCollection services, IConfiguration settings, HomeFolder home)
    {
        var given = new AcmeOptions();
        settings.GetSection(AcmeOptions.Section).Bind(given);
        if (given.Fault() is { } fault) throw new SettingsException(fault);
        services.AddOptions<AcmeOptions>().Bind(settings.GetSection(AcmeOptions.Section));
        services.AddAcme(new AcmePaths(home.Paths.Acme, home.Paths.Challenges));
        services.AddSingleton(new CertificateAudience(HomeSettings.IsPublic(settings)));
        services.AddSingleton<SecureHosts>().AddSingleton<HostReach>().AddSingleton<FetchedCertificates>().AddSingleton<CertificateFetch>();
        return services.AddSingleton<CertificateKeeper>().AddHostedService(s => s.GetRequiredService<CertificateKeeper>());
    }
}
