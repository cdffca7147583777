namespace Slipway.Core.Projects;

/// <summary>What every <see cref="IProjectStore"/> holds to.</summary>
public static class ProjectRules
{
    public static Failure NameTaken(string name) =>
        new("project.name_taken", $"the project name '{name}' is taken", "choose another with --project NAME");

    /// <summary>Names are in host names, deployments and caches: a project keeps its own.</summary>
    public static void DemandSameIdentity(Project before, Project after)
    {
        if ((before.Id, before.Team, before.Name) != (after.Id, after.Team, after.Name))
            throw new ArgumentException("a project keeps its id, team and name", nameof(after));
    }

    public static void DemandUniqueNames(IReadOnlyList<EnvironmentVariable> variables)
    {
        foreach (var sameName in variables.GroupBy(v => v.Name, StringComparer.Ordinal))
        {
            var seen = EnvironmentTarget.None;
            foreach (var variable in sameName)
            {
                if ((seen & variable.Target) != 0) throw new ArgumentException($"the variable {variable.Name} is there twice for one target", nameof(variables));
                seen |= variable.Target;
            }
        }
    }
}
