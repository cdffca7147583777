using Slipway.Core.Deployments;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Launching;

/// <summary>How a project's production pointer moved.</summary>
public sealed record PointerMove(ProjectId Project, DeploymentId? From, DeploymentId To);

/// <summary>Moves the production host: to a project's first ready deployment, later to those that ask for it.</summary>
public sealed class ProductionPointer(IProjectStore projects, IDeploymentStore deployments)
{
    /// <summary>Null when the host is not this deployment's to take (a newer one holds it, or it did not ask).</summary>
    public async Task<PointerMove?> MoveAsync(Deployment d, CancellationToken ct)
    {
        var holder = (await projects.FindAsync(d.Project, ct))?.Production;
        var held = holder is { } id && id != d.Id ? await deployments.FindAsync(id, ct) : null;
        var isFree = held is null or { State: not DeploymentState.Ready };
        if (!isFree && (!d.IsProduction || held!.CreatedAt > d.CreatedAt)) return null;

        DeploymentId? from = null;
        var changed = await projects.UpdateAsync(d.Project, p =>
        {
            from = p.Production;
            return p.Production == holder ? p with { Production = d.Id } : p;
        }, ct);
        // Somebody moved it meanwhile: look again.
        return changed is null ? null : changed.Production == d.Id ? new PointerMove(d.Project, from == d.Id ? null : from, d.Id) : await MoveAsync(d, ct);
    }

    public Task RestoreAsync(PointerMove move, CancellationToken ct) =>
        projects.UpdateAsync(move.Project, p => p.Production == move.To ? p with { Production = move.From } : p, ct);
}
