using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using IRouter = Slipway.Core.Pipeline.Routing.IRouter;

namespace Slipway.Server.Hosting;

/// <summary>Writes down what the edge saw of use: its own memory ends with it, and a preview's two weeks are longer than that.</summary>
internal sealed class UseNotes(IDeploymentStore deployments, IRouter router, TimeProvider time)
{
    /// <summary>False when the edge could not be asked: it may serve all the same, and nobody knows what.</summary>
    public async Task<bool> WriteAsync(IEnumerable<Deployment> there, CancellationToken ct)
    {
        RouterUse seen;
        try
        {
            seen = await router.UseAsync(ct);
        }
        catch (RouterDownException)
        {
            return false;
        }

        var now = time.GetUtcNow();
        var byId = seen.Deployments.ToDictionary(use => use.Deployment);
        var used = new Dictionary<DeploymentId, DateTimeOffset>();
        foreach (var d in there.Where(d => d.State == DeploymentState.Ready))
        {
            if (LastUsed(d, byId.GetValueOrDefault(d.Id), now) is { } at && !(d.LastUsedAt >= at)) used[d.Id] = at;
        }

        if (used.Count > 0) await deployments.NoteUseAsync(used, ct);
        return true;
    }

    /// <summary>The time of one of which nothing was noted yet begins now: before, nobody counted.</summary>
    private static DateTimeOffset? LastUsed(Deployment d, DeploymentUse? use, DateTimeOffset now) => use is { Open: > 0 } or { IsWanted: true } ? now : use?.LastUsedAt ?? (d.LastUsedAt is null ? now : null);
}
