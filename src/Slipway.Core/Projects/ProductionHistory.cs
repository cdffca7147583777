namespace Slipway.Core.Projects;

/// <summary>What was production when, and what a roll back goes to. Pure; the pointer moves through <see cref="PointedAt"/> only.</summary>
public static class ProductionHistory
{
    /// <summary>More is never asked for, and the project's row stays small.</summary>
    public const int Kept = 50;

    /// <summary>The project with its pointer moved and the move written down. Pinned by a roll back, released by every other move.</summary>
    public static Project PointedAt(this Project project, DeploymentId to, ProductionCause cause, DateTimeOffset at) => project with
    {
        Production = to,
        ProductionPin = cause == ProductionCause.Rollback ? to : null,
        ProductionHistory = project.Production == to ? project.ProductionHistory : [.. Known(project).TakeLast(Kept - 1), new ProductionTurn(to, at, cause)],
    };

    /// <summary>As if the deployment that holds production never had.</summary>
    public static Project Without(this Project project, DeploymentId holder) => project with
    {
        Production = Before(project).Select(id => (DeploymentId?)id).FirstOrDefault(),
        ProductionHistory = [.. project.ProductionHistory.Where(t => t.Deployment != holder)],
    };

    /// <summary>
    /// What was production before, nearest first: as a stack, so that a second roll back goes further back and not to what the first one left.
    /// A promotion of something older begins anew on top.
    /// </summary>
    public static IReadOnlyList<DeploymentId> Before(Project project)
    {
        var stack = new List<DeploymentId>();
        foreach (var turn in project.ProductionHistory)
        {
            var known = turn.Cause == ProductionCause.Rollback ? stack.LastIndexOf(turn.Deployment) : -1;
            if (known >= 0) stack.RemoveRange(known + 1, stack.Count - known - 1);
            else stack.Add(turn.Deployment);
        }

        stack.Reverse();
        return [.. stack.Where(id => id != project.Production).Distinct()];
    }

    /// <summary>When it held production last, null for never.</summary>
    public static DateTimeOffset? LastAt(Project project, DeploymentId id) => project.ProductionHistory.LastOrDefault(t => t.Deployment == id)?.At;

    /// <summary>A project of an older version has a holder and no history.</summary>
    private static IReadOnlyList<ProductionTurn> Known(Project project) =>
        project is { ProductionHistory.Count: 0, Production: { } holder } ? [new ProductionTurn(holder, null, ProductionCause.Ready)] : project.ProductionHistory;
}
