using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Projects;
using Slipway.Core.Queueing;
using Slipway.Server.Api.Deployments;

namespace Slipway.Server.Api.Admin;

/// <summary>Jobs that were given up by the platform's own fault. A build that fails by its own is none of them.</summary>
internal static class FailedJobEndpoints
{
    public static void MapFailedJobs(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/admin/failed-jobs").WithTags("Admin");
        group.MapGet("", ListAsync).WithSummary("Jobs that were given up, newest first, each with its reason");
        group.MapPost("/{sequence:long}/replay", ReplayAsync).WithSummary("Build it again, as a new deployment of the same source; it leaves the list");
        group.MapDelete("/{sequence:long}", RemoveAsync).WithSummary("Take it out of the list");
    }

    private static async Task<Ok<List<FailedJobView>>> ListAsync(IDeadLetters letters, IDeploymentStore deployments, CancellationToken ct)
    {
        var views = new List<FailedJobView>();
        foreach (var letter in await letters.ListAsync(ct)) views.Add(ToView(letter, letter.Job is { } job ? await deployments.FindAsync(job.Deployment, ct) : null));
        return TypedResults.Ok(views);
    }

    private static async Task<Results<Accepted<DeploymentView>, ProblemHttpResult>> ReplayAsync(
        long sequence, IDeadLetters letters, IDeploymentStore deployments, IProjectStore projects, DeploymentIntake intake, DeploymentViews views, CancellationToken ct)
    {
        if ((await letters.ListAsync(ct)).FirstOrDefault(l => l.Sequence == sequence) is not { } letter) return NotFound(sequence);
        if (letter.Job is not { } job || await deployments.FindAsync(job.Deployment, ct) is not { } d || await projects.FindAsync(d.Project, ct) is not { } project)
            return new Failure("failed_job.gone", $"the failed job {sequence} belongs to no deployment that is still there", $"take it out of the list: slipway failed-jobs rm {sequence}").Problem(StatusCodes.Status409Conflict);
        var accepted = await intake.AcceptAsync(Intake.Again(d, project, "api"), ct);
        if (accepted.IsFailure(out var failure)) return failure.Problem();
        // The new deployment first: a stop in between leaves the letter, never nothing.
        await letters.RemoveAsync(sequence, ct);
        return TypedResults.Accepted($"/v1/deployments/{accepted.Value.Id}", await views.ToViewAsync(accepted.Value, ct));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(long sequence, IDeadLetters letters, CancellationToken ct) =>
        await letters.RemoveAsync(sequence, ct) ? TypedResults.NoContent() : NotFound(sequence);

    private static FailedJobView ToView(DeadLetter letter, Deployment? d) =>
        new(letter.Sequence, letter.Job?.Deployment.ToString(), d?.ProjectName, letter.Attempts, letter.Reason, letter.At);

    private static ProblemHttpResult NotFound(long sequence) =>
        new Failure("failed_job.not_found", $"there is no failed job {sequence}", "list them with: slipway failed-jobs").Problem(StatusCodes.Status404NotFound);
}
