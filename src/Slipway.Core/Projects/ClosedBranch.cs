namespace Slipway.Core.Projects;

/// <summary>A branch that the repository had no more at a moment. Made again and pushed to, it has newer deployments: those stay.</summary>
public sealed record ClosedBranch(string Branch, DateTimeOffset At);

/// <summary>What is known of a project's closed branches. Pure.</summary>
public static class ClosedBranches
{
    /// <summary>Those that matter still have deployments: few.</summary>
    public const int Kept = 200;

    /// <summary>The project with a branch written down as closed; an earlier moment than the known one changes nothing.</summary>
    public static Project WithClosed(this Project project, string branch, DateTimeOffset at)
    {
        if (project.ClosedBranches.Any(c => c.Branch == branch && c.At >= at)) return project;
        return project with { ClosedBranches = [.. project.ClosedBranches.Where(c => c.Branch != branch).TakeLast(Kept - 1), new ClosedBranch(branch, at)] };
    }
}
