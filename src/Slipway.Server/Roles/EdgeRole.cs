using Slipway.Edge;
using Slipway.Server.Hosting;

namespace Slipway.Server.Roles;

/// <summary>What users' requests reach: no store, no engine socket, only its table.</summary>
internal static class EdgeRole
{
    public static async Task<int> RunAsync(HomeFolder home)
    {
        await EdgeApp.RunAsync(EdgeHome.Options(home.Paths, HomeSettings.Load(home.Paths)), CancellationToken.None);
        return 0;
    }
}
