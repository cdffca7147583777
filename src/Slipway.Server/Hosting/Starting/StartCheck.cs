using Slipway.Core;
using Slipway.Docker;

namespace Slipway.Server.Hosting.Starting;

/// <summary>What the control plane must be allowed to open, looked at before it takes work; all that is forbidden is told at once.</summary>
internal static class StartCheck
{
    public static async Task ControlPlaneAsync(IServiceProvider services, CancellationToken ct)
    {
        var home = services.GetRequiredService<SlipwayHome>();
        string?[] found =
        [
            await SocketCheck.LookAsync("the Docker Engine's socket", services.GetRequiredService<EngineProbe>().Socket, ct),
            await SocketCheck.LookAsync("the edge's admin socket", home.EdgeSocket, ct),
        ];
        var problems = found.OfType<string>().ToArray();
        if (problems.Length > 0) throw new SettingsException(string.Join("\nslipway-server: ", problems));
    }
}
