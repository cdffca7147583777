using Microsoft.Extensions.DependencyInjection;
using Slipway.Core.Certificates;

namespace Slipway.Acme;

public static class AcmeSetup
{
    /// <summary>Registers the <see cref="ICertificateAuthority"/> that runs lego.</summary>
    public static IServiceCollection AddAcme(this IServiceCollection services, AcmePaths paths) =>
        services.AddSingleton(paths).AddSingleton<LegoProgram>().AddSingleton<ICertificateAuthority, LegoAuthority>();
}
