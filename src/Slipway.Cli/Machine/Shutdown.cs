using Slipway.Cli.Output;
using Slipway.Core;

namespace Slipway.Cli.Machine;

/// <summary>What <c>down --json</c> prints.</summary>
internal sealed record DownDocument(IReadOnlyList<string> Stopped, bool StoppedEngine);

/// <summary>Ends a home's processes; apps are the engine's and keep running.</summary>
internal sealed class Shutdown(SlipwayHome home, TimeProvider time)
{
    public async Task<DownDocument> RunAsync(bool withEngine, Progress progress, CancellationToken ct)
    {
        if (!Directory.Exists(home.Run)) return new DownDocument([], false);
        using var turn = await UpLock.TakeAsync(home, progress, time, ct);
        var stopped = new List<string>();
        var roles = new[] { RoleProcess.Server(home, time), RoleProcess.Edge(home, time), RoleProcess.Companion(home, time) };
        stopped.AddRange(roles.Where(r => r.Running is not null).Select(r => r.Name));
        if (Systemd.CanInstallUnits && new InstalledUnits(home) is { Exist: true } units)
        {
            progress.Begin("stopping the units");
            await units.DisableAsync(ct);
        }

        foreach (var role in roles) await role.StopAsync(untilDrained: true, progress, ct);
        if (withEngine) progress.Begin("stopping dockerd");
        return new DownDocument(stopped, withEngine && await new Dockerd(home, time).StopAsync(ct));
    }
}
