using System.Globalization;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;

namespace Slipway.Core.Storage;

/// <summary>A deployment that is over, and the event that says so.</summary>
public sealed record Over(DeploymentId Id, Retired Event);

/// <summary>
/// Which deployments are over. Kept whatever happens: production, what a roll back would go to, and what is on its way. Of a branch
/// that is closed nothing else is kept. Of the rest stay the newest ready one of each branch and the last few, of these no preview
/// that nobody uses. Pure.
/// </summary>
public static class RetentionRule
{
    /// <param name="isUseKnown">False where nobody can say what was used: then nothing ends for being idle.</param>
    public static IReadOnlyList<Over> Find(IReadOnlyList<Project> projects, IReadOnlyList<Deployment> deployments, StorageOptions options, DateTimeOffset now, bool isUseKnown = true)
    {
        var ready = deployments.Where(d => d.State == DeploymentState.Ready).Select(d => d.Id).ToHashSet();
        var byProject = deployments.ToLookup(d => d.Project);
        return [.. projects.SelectMany(p => OfProject(p, [.. byProject[p.Id].OrderByDescending(d => d.CreatedAt)], Production(p, ready), RetentionTimes.Of(options, p.Retention), isUseKnown ? now : null))];
    }

    private static HashSet<DeploymentId> Production(Project project, HashSet<DeploymentId> ready)
    {
        var kept = ProductionHistory.Before(project).Where(ready.Contains).Take(1).ToHashSet();
        if (project.Production is { } holder) kept.Add(holder);
        return kept;
    }

    private static IEnumerable<Over> OfProject(Project project, IReadOnlyList<Deployment> newestFirst, HashSet<DeploymentId> production, RetentionTimes times, DateTimeOffset? now)
    {
        var there = newestFirst.Where(d => d.State.IsFinal() && d.State != DeploymentState.Ended).ToList();
        var closed = there.Where(d => IsClosed(project, d)).ToHashSet();
        foreach (var d in closed.Where(d => !production.Contains(d.Id))) yield return new(d.Id, new Retired(EndReason.BranchClosed, $"its repository has the branch {d.Source.Branch} no more"));

        var open = there.Where(d => !closed.Contains(d)).ToList();
        var ready = open.Where(d => d.State == DeploymentState.Ready).ToList();
        var heads = ready.Where(d => d.Source is { Kind: SourceKind.Git, Branch.Length: > 0 }).DistinctBy(d => d.Source.Branch).Select(d => d.Id).ToHashSet();
        // A row of failures pushes out nothing that serves, and neither does what is on its way.
        var last = newestFirst.Where(d => d.State != DeploymentState.Ended && !closed.Contains(d)).Take(times.Keep).Concat(ready.Take(times.Keep)).Select(d => d.Id).ToHashSet();
        foreach (var d in open.Where(d => !production.Contains(d.Id) && !heads.Contains(d.Id)))
        {
            if (!last.Contains(d.Id)) yield return new(d.Id, new Retired(EndReason.Count, $"its project keeps its last {Number(times.Keep)}, and newer ones came"));
            else if (IsIdle(project, d, times, now)) yield return new(d.Id, new Retired(EndReason.Idle, $"nobody used it for {Length(times.PreviewIdle)}"));
        }
    }

    private static bool IsClosed(Project project, Deployment d) =>
        d.Source is { Kind: SourceKind.Git, Branch: { Length: > 0 } branch } && branch != project.ProductionBranch && project.ClosedBranches.Any(c => c.Branch == branch && d.CreatedAt <= c.At);

    /// <summary>What was meant for production or was it is no preview: somebody may roll back to it.</summary>
    private static bool IsIdle(Project project, Deployment d, RetentionTimes times, DateTimeOffset? now) =>
        times.PreviewIdle > TimeSpan.Zero && d is { State: DeploymentState.Ready, IsProduction: false } && project.ProductionHistory.All(t => t.Deployment != d.Id)
        && now - (d.LastUsedAt ?? d.FinishedAt ?? d.CreatedAt) >= times.PreviewIdle;

    private static string Length(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => $"{Number((int)time.TotalDays)} days",
        { TotalHours: >= 2 } => $"{Number((int)time.TotalHours)} hours",
        { TotalMinutes: >= 2 } => $"{Number((int)time.TotalMinutes)} minutes",
        _ => $"{Number((int)time.TotalSeconds)} seconds",
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
