using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Core.Pipeline.Planning;

/// <summary>Source → plan, by whichever program is chosen (<see cref="PipelineOptions.Planner"/>).</summary>
public interface ISourcePlanner
{
    /// <summary>
    /// Those of <see cref="Planner.Plan"/>, and of a planner that is another's program: <c>plan.program_missing</c>, <c>plan.program_failed</c>,
    /// <c>plan.timeout</c>. A repository's own Dockerfile is its plan, whoever plans.
    /// </summary>
    Task<Outcome<BuildPlan>> PlanAsync(SourceSnapshot snapshot, PlanOptions options, IBuildOutput output, CancellationToken ct);
}

/// <summary>Slipway's own <see cref="Planner"/>.</summary>
public sealed class BuiltInPlanner : ISourcePlanner
{
    public Task<Outcome<BuildPlan>> PlanAsync(SourceSnapshot snapshot, PlanOptions options, IBuildOutput output, CancellationToken ct) =>
        Task.FromResult(Planner.Plan(snapshot.Tree, options));
}
