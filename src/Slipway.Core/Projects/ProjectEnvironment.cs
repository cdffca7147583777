using System.Globalization;
using Slipway.Core.Deployments;

namespace Slipway.Core.Projects;

/// <summary>Which of a project's variables a deployment gets.</summary>
public static class ProjectEnvironment
{
    /// <summary>Production's for what holds, will hold or held the production host (a roll back brings it back as it was), else preview's.</summary>
    public static EnvironmentTarget TargetOf(Deployment deployment, Project project) =>
        deployment.IsProduction || project.Production is null || project.Production == deployment.Id || project.ProductionHistory.Any(t => t.Deployment == deployment.Id)
            ? EnvironmentTarget.Production : EnvironmentTarget.Preview;

    /// <summary>Whose variables its instance runs with: a promotion moves the pointer and starts nothing anew, so a promoted preview keeps preview's until its next start.</summary>
    public static EnvironmentTarget StartedWith(Deployment deployment, Project project, DateTimeOffset? startedAt)
    {
        if (deployment.IsProduction) return EnvironmentTarget.Production;
        return project.ProductionHistory.FirstOrDefault(t => t.Deployment == deployment.Id) switch
        {
            null => TargetOf(deployment, project),
            { Cause: ProductionCause.Ready } => EnvironmentTarget.Production,
            { At: var at } => startedAt is { } start && start > at ? EnvironmentTarget.Production : EnvironmentTarget.Preview,
        };
    }

    public static IEnumerable<EnvironmentVariable> For(EnvironmentTarget target, IEnumerable<EnvironmentVariable> variables) =>
        variables.Where(v => v.Target.HasFlag(target));

    /// <summary>
    /// The whole environment of an instance: plan's defaults, then the project's, then this deployment's own. Its <c>PORT</c> is the
    /// port that is routed to: a person who sets it says where an app listens that does not ask.
    /// </summary>
    public static IReadOnlyDictionary<string, string> OfInstance(Deployment deployment, Project project, IEnumerable<EnvironmentVariable> variables, string url)
    {
        var all = new Dictionary<string, string>(deployment.Revision?.Environment ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        var planned = (deployment.Revision?.Port ?? 3000).ToString(CultureInfo.InvariantCulture);
        all["PORT"] = planned;
        foreach (var v in For(TargetOf(deployment, project), variables).Where(v => v.Phase.HasFlag(EnvironmentPhase.Run))) all[v.Name] = v.Value.Reveal();
        foreach (var (name, value) in deployment.Environment) all[name] = value;
        if (!ushort.TryParse(all["PORT"], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0) all["PORT"] = planned;
        all.TryAdd("HOST", "0.0.0.0");
        all["HOSTNAME"] = "0.0.0.0";
        all.TryAdd("SLIPWAY_URL", url);
        all.TryAdd("SLIPWAY_DEPLOYMENT", deployment.Id.ToString());
        if (deployment.Source.Commit is { } commit) all.TryAdd("SLIPWAY_COMMIT", commit);
        return all;
    }
}
