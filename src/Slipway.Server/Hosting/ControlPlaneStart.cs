using Slipway.Core;
using Slipway.Core.Queueing;
using Slipway.Store;

namespace Slipway.Server.Hosting;

/// <summary>What must be done before anything listens or works: schema, left-over work folders, interrupted builds.</summary>
internal static class ControlPlaneStart
{
    public static async Task PrepareAsync(IServiceProvider services, CancellationToken ct)
    {
        var home = services.GetRequiredService<SlipwayHome>();
        foreach (var left in Directory.EnumerateDirectories(home.Work)) Directory.Delete(left, recursive: true);
        await services.GetRequiredService<StoreMigrator>().MigrateAsync(ct);
        await services.GetRequiredService<QueueSweep>().TakeBackAsync(ct);
    }
}
