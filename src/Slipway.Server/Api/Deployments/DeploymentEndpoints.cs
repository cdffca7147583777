using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Projects;

namespace Slipway.Server.Api.Deployments;

internal static class DeploymentEndpoints
{
    public static void MapDeployments(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/deployments").WithTags("Deployments");
        group.MapPost("", CreateDeploymentEndpoint.HandleAsync).WithSummary("Deploy an upload or a git repository");
        group.MapGet("", ListAsync).WithSummary("Deployments, newest first");
        group.MapGet("/{id}", FindAsync).WithSummary("One deployment, by id, hash or project name (its latest)");
        group.MapGet("/{id}/events", EventsAsync).WithSummary("Its history");
        group.MapPost("/{id}/cancel", CancelAsync).WithSummary("Stop it; final at once");
        group.MapPost("/{id}/redeploy", RedeployAsync).WithSummary("Deploy the same source again; with production=true to production, and a project's name then means what serves production now");
        group.MapDelete("/{id}", RemoveAsync).WithSummary("Stop its instance, remove its image; its history stays");
    }

    private static async Task<Results<Ok<List<DeploymentView>>, ProblemHttpResult>> ListAsync(
        string? project, int? limit, bool? all, IDeploymentStore deployments, IProjectStore projects, DeploymentViews views, CancellationToken ct)
    {
        var owner = project is null ? null : await projects.FindByNameAsync(project, ct);
        if (project is not null && owner is null) return ApiProblems.NotFound("project", project);
        var states = all == true ? null : Enum.GetValues<DeploymentState>().Where(s => s != DeploymentState.Ended).ToArray();
        var found = await deployments.ListAsync(new DeploymentQuery { Project = owner?.Id, States = states, Limit = Math.Clamp(limit ?? 100, 1, 1000) }, ct);
        var byId = (await projects.ListAsync(ct)).ToDictionary(p => p.Id);
        return TypedResults.Ok(found.Select(d => views.ToView(d, byId.GetValueOrDefault(d.Project))).ToList());
    }

    private static async Task<Results<Ok<DeploymentView>, ProblemHttpResult>> FindAsync(string id, DeploymentLookup lookup, IBuildLog log, DeploymentViews views, CancellationToken ct) =>
        await lookup.FindAsync(id, ct) is { } d
            ? TypedResults.Ok(await views.ToViewAsync(d, ct) with { Domains = await views.DomainsAsync(d, ct), Steps = await DeploymentStepEndpoints.OfAsync(d, log, ct) })
            : ApiProblems.NotFound("deployment", id);

    private static async Task<Results<Ok<IReadOnlyList<DeploymentEventRecord>>, ProblemHttpResult>> EventsAsync(string id, DeploymentLookup lookup, IDeploymentStore deployments, CancellationToken ct) =>
        await lookup.FindAsync(id, ct) is { } d ? TypedResults.Ok(await deployments.EventsAsync(d.Id, ct)) : ApiProblems.NotFound("deployment", id);

    private static async Task<Results<Ok<DeploymentView>, ProblemHttpResult>> CancelAsync(string id, DeploymentLookup lookup, IDeploymentStore deployments, DeploymentViews views, CancellationToken ct)
    {
        if (await lookup.FindAsync(id, ct) is not { } d) return ApiProblems.NotFound("deployment", id);
        return await deployments.ApplyAsync(d.Id, new CancelRequested("api"), ct) is { } canceled
            ? TypedResults.Ok(await views.ToViewAsync(canceled, ct))
            : new Failure("deployment.not_running", $"the deployment is {d.State.ToWire()} already; there is nothing to cancel").Problem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Accepted<DeploymentView>, ProblemHttpResult>> RedeployAsync(
        string id, string? trigger, bool? production, DeploymentLookup lookup, IProjectStore projects, DeploymentIntake intake, DeploymentViews views, CancellationToken ct)
    {
        // By its name production is built again, not the preview that happens to be the latest.
        if (await (production == true ? lookup.FindServingAsync(id, ct) : lookup.FindAsync(id, ct)) is not { } d) return ApiProblems.NotFound("deployment", id);
        if (await projects.FindAsync(d.Project, ct) is not { } project) return ApiProblems.NotFound("project", d.ProjectName);
        if (!views.HasSource(d)) return new Failure("deployment.source_gone", "the uploaded files are kept no more, so it cannot be built again", "deploy the folder: slipway deploy DIR").Problem(StatusCodes.Status409Conflict);
        var again = Intake.Again(d, project, trigger == "cli" ? trigger : "dashboard");
        var accepted = await intake.AcceptAsync(production == true ? again with { IsProduction = true } : again, ct);
        if (accepted.IsFailure(out var failure)) return failure.Problem();
        return TypedResults.Accepted($"/v1/deployments/{accepted.Value.Id}", await views.ToViewAsync(accepted.Value, ct));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string id, DeploymentLookup lookup, DeploymentRemoval removal, CancellationToken ct)
    {
        if (await lookup.FindAsync(id, ct) is not { } d) return ApiProblems.NotFound("deployment", id);
        await removal.RemoveAsync(d, ct);
        return TypedResults.NoContent();
    }
}
