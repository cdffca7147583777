using Slipway.Core;
using Slipway.Docker;

namespace Slipway.Server.Hosting.Starting;

/// <summary>What a role must be allowed to open, looked at before it takes work; all that is forbidden is told at once.</summary>
internal static class StartCheck
{
    public static async Task ControlPlaneAsync(IServiceProvider services, CancellationToken ct)
    {
        var home = services.GetRequiredService<SlipwayHome>();
        Refuse(await EngineAsync(services, ct), await SocketCheck.LookAsync("the edge's admin socket", home.EdgeSocket, ct));
    }

    /// <summary>The same for a worker, which opens the engine's only: its bases are made there, and where no builder is named its builds too.</summary>
    public static async Task WorkerAsync(IServiceProvider services, CancellationToken ct) => Refuse(await EngineAsync(services, ct));

    private static Task<string?> EngineAsync(IServiceProvider services, CancellationToken ct) =>
        SocketCheck.LookAsync("the Docker Engine's socket", services.GetRequiredService<EngineProbe>().Socket, ct);

    private static void Refuse(params string?[] found)
    {
        var problems = found.OfType<string>().ToArray();
        if (problems.Length > 0) throw new SettingsException(string.Join("\nslipway-server: ", problems));
    }
}
