using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline;

/// <summary>What a worker needs to build one deployment.</summary>
/// <param name="WorkDirectory">Empty, and this attempt's own.</param>
public sealed record PipelineRequest(Deployment Deployment, Project Project, BuildVariables Environment, string WorkDirectory);

/// <summary>What a build leaves behind.</summary>
public sealed record PipelineResult(Revision Revision, BuildPlan Plan, StageTimings Timings);

/// <summary>The stages in order: fetch → plan → build → seal. Run, route and ready follow in <see cref="Launching.DeploymentLauncher"/>.</summary>
public sealed class DeploymentPipeline(
    ISourceFetcher fetcher, ImageBuild build, IImageRegistry registry, ISourcePlanner? planner = null)
{
    private readonly ISourcePlanner _planner = planner ?? new BuiltInPlanner();

    /// <param name="fetched">Called once the commit is pinned.</param>
    /// <param name="timings">Filled as stages end, also when a later one fails.</param>
    /// <param name="shipped">Called with the result before the source's copy is deleted: that may take a while, and nobody waits for it.</param>
    public async Task<Outcome<PipelineResult>> RunAsync(
        PipelineRequest request, StageClock timings, IBuildOutput output, Func<SourceRef, Task> fetched, Func<PipelineResult, Task> shipped, CancellationToken ct)
    {
        var d = request.Deployment;

        var source = await timings.MeasureAsync(Stage.Fetch, () => fetcher.FetchAsync(d.Source, request.WorkDirectory, output, ct));
        if (source.IsFailure(out var failure)) return failure;
        using var snapshot = source.Value;
        await fetched(snapshot.Source);

        var asked = request.Environment.ToPlanOptions(d.RootDirectory ?? request.Project.RootDirectory);
        var planned = await timings.MeasureAsync(Stage.Plan, () => _planner.PlanAsync(snapshot, asked, output, ct));
        if (planned.IsFailure(out failure)) return failure;
        planned = RuleReader.AddTo(planned.Value, snapshot.Tree, asked);
        if (planned.IsFailure(out failure)) return failure;
        var plan = planned.Value;
        PlanStory.Tell(plan, output);

        var built = await timings.MeasureAsync(Stage.Build, () => build.RunAsync(request, plan, snapshot, output, ct));
        if (built.IsFailure(out failure)) return failure;

        var revised = await timings.MeasureAsync(Stage.Seal, () => SealAsync(built.Value, plan, output, ct));
        if (revised.IsFailure(out failure)) return failure;
        var revision = revised.Value;
        output.Say($"image {revision.ImageName} sealed as {revision.Image}", "seal");
        var result = new PipelineResult(revision, plan, timings.Taken());
        await shipped(result);
        return result;
    }

    private async Task<Outcome<Revision>> SealAsync(BuiltImage image, BuildPlan plan, IBuildOutput output, CancellationToken ct)
    {
        var at = await registry.SealAsync(image, text => output.Say(text, "seal"), ct);
        if (at.IsFailure(out var failure)) return failure;
        var address = at.Value;
        var port = plan.DockerfilePath is null ? plan.Port : await registry.ExposedPortAsync(address, ct) ?? plan.Port;
        return new Revision(address, image.Name, port, plan.RunEnvironment) { StandIns = image.StandIns };
    }
}
