using Slipway.Server.Hosting;

namespace Slipway.Server.Roles;

/// <summary>Which adapter serves which seam on one machine.</summary>
internal static class AddAdapters
{
    public static void To(IServiceCollection services, IConfiguration settings, HomeFolder home)
    {
        _ = (services, settings, home);
    }
}
