using Slipway.Core.Deployments;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Launching;

/// <summary>How a project's production pointer moved.</summary>
/// <param name="Before">The project as it was.</param>
public sealed record PointerMove(Project Before, DeploymentId To);

/// <summary>Moves the production host: to a project's first ready deployment, later to those that ask for it, and wherever a person says.</summary>
public sealed class ProductionPointer(IProjectStore projects, IDeploymentStore deployments, TimeProvider time)
{
    /// <summary>Null when the host is not this deployment's to take (a newer one holds it, it is pinned, or the deployment did not ask).</summary>
    public async Task<PointerMove?> MoveAsync(Deployment d, CancellationToken ct)
    {
        if (await projects.FindAsync(d.Project, ct) is not { } seen || !await IsForAsync(d, seen, ct)) return null;

        var (move, isOurs) = await PointAsync(d, ProductionCause.Ready, p => p.Production == seen.Production && p.ProductionPin == seen.ProductionPin, ct);
        // Somebody moved it meanwhile: look again.
        if (!isOurs) return move is null ? null : await MoveAsync(d, ct);
        // It held it before a crash of ours: what it would give back is what was there before that.
        return move?.Before.Production == d.Id ? move with { Before = move.Before.Without(d.Id) } : move;
    }

    /// <summary>Whether <see cref="MoveAsync"/> would move it now.</summary>
    public async Task<bool> IsForAsync(Deployment d, CancellationToken ct) => await projects.FindAsync(d.Project, ct) is { } seen && await IsForAsync(d, seen, ct);

    public async Task<bool> IsAtAsync(Deployment d, CancellationToken ct) => (await projects.FindAsync(d.Project, ct))?.Production == d.Id;

    private async Task<bool> IsForAsync(Deployment d, Project seen, CancellationToken ct)
    {
        var held = seen.Production is { } id && id != d.Id ? await deployments.FindAsync(id, ct) : null;
        return held is not { State: DeploymentState.Ready } || (d.IsProduction && !seen.IsPinned && held.CreatedAt <= d.CreatedAt);
    }

    /// <summary>Where a person wants it; null when the project is gone.</summary>
    public async Task<PointerMove?> PointAsync(Deployment to, ProductionCause cause, CancellationToken ct) => (await PointAsync(to, cause, _ => true, ct)).Move;

    /// <summary>As it was before the move, unless it was moved again.</summary>
    public Task RestoreAsync(PointerMove move, CancellationToken ct) => projects.UpdateAsync(move.Before.Id, p => p.Production != move.To ? p : p with
    {
        Production = move.Before.Production,
        ProductionPin = move.Before.ProductionPin,
        ProductionHistory = move.Before.ProductionHistory,
    }, ct);

    /// <summary>As if it never had the pointer, where it has it.</summary>
    public Task LeaveAsync(Deployment d, CancellationToken ct) => projects.UpdateAsync(d.Project, p => p.Production == d.Id ? p.Without(d.Id) : p, ct);

    /// <summary>In words, why one that asked for production does not get it; null when it is not for a pin.</summary>
    public async Task<string?> WhyPinnedAsync(Deployment d, CancellationToken ct) =>
        d.IsProduction && await projects.FindAsync(d.Project, ct) is { IsPinned: true, Production: { } pin } && pin != d.Id
            ? $"production is pinned to {pin} by a rollback, so this stays a preview; `slipway promote {d.Id}` or `slipway rollback --release {d.ProjectName}` to go on"
            : null;

    private async Task<(PointerMove? Move, bool IsOurs)> PointAsync(Deployment to, ProductionCause cause, Func<Project, bool> isAsSeen, CancellationToken ct)
    {
        var (before, isOurs) = ((Project?)null, false);
        var changed = await projects.UpdateAsync(to.Project, p =>
        {
            (before, isOurs) = (p, isAsSeen(p));
            return isOurs ? p.PointedAt(to.Id, cause, time.GetUtcNow()) : p;
        }, ct);
        return changed is null || before is null ? (null, false) : (new PointerMove(before, to.Id), isOurs);
    }
}
