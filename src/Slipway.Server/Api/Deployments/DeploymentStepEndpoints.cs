using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;

namespace Slipway.Server.Api.Deployments;

/// <summary>The steps of a deployment's build, live and long after.</summary>
internal static class DeploymentStepEndpoints
{
    public static void MapDeploymentSteps(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/deployments/{id}/steps", ReadAsync).WithTags("Deployments").WithSummary("The steps of its latest build, in the order in which they began");

    private static async Task<Results<Ok<List<StepView>>, ProblemHttpResult>> ReadAsync(string id, DeploymentLookup lookup, IBuildLog log, CancellationToken ct)
    {
        if (await lookup.FindAsync(id, ct) is not { } d) return ApiProblems.NotFound("deployment", id);
        return TypedResults.Ok(await OfAsync(d, log, ct));
    }

    public static async Task<List<StepView>> OfAsync(Deployment d, IBuildLog log, CancellationToken ct) =>
        [.. StepList.Of(await log.ReadChangesAsync(d.Id, ct), d.Attempt, isOver: d.State != DeploymentState.Building).Select(ToView)];

    public static StepChangeView ToView(StepChange c) => new(c.Attempt, c.Name, ToWire(c.State), Ms(c.Duration), c.Why);

    private static StepView ToView(BuildStepRecord s) => new(s.Step, s.Name, ToWire(s.State), s.Place?.Stage, s.Place?.Number, s.Place?.Total, s.At, Ms(s.Duration), s.Why);

    private static string ToWire(StepState state) => state switch
    {
        StepState.Running => "running",
        StepState.Done => "done",
        StepState.Cached => "cached",
        StepState.Failed => "failed",
        StepState.Canceled => "canceled",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static long? Ms(TimeSpan? taken) => taken is { } t ? (long)t.TotalMilliseconds : null;
}
