using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Auditing;
using Slipway.Core.Pipeline.Launching;
using Slipway.Core.Projects;
using Slipway.Server.Api.Auditing;
using Slipway.Server.Api.Deployments;
using Slipway.Server.Api.Projects;

namespace Slipway.Server.Api.Production;

/// <summary>Moves of the production pointer; nothing is rebuilt by any of them.</summary>
internal static class ProductionEndpoints
{
    public static void MapProduction(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/deployments/{id}/promote", PromoteAsync).WithTags("Deployments").WithSummary("Point production at it, and release a rollback's pin; answered once the edge serves it");
        var project = v1.MapGroup("/projects/{name}").WithTags("Projects");
        project.MapGet("/rollback", ConsiderAsync).WithSummary("What a rollback would bring back, and what differs; changes nothing");
        project.MapPost("/rollback", RollbackAsync).WithSummary("Take production back and pin it there; answered once the edge serves it");
        project.MapDelete("/pin", ReleaseAsync).WithSummary("Release a rollback's pin; production stays until the next deployment for it");
    }

    private static async Task<Results<Ok<ProductionView>, ProblemHttpResult>> PromoteAsync(string id, HttpRequest request, DeploymentLookup lookup, AuditedSwitch production, DeploymentViews views, CancellationToken ct)
    {
        if (await lookup.FindAsync(id, ct) is not { } d) return ApiProblems.NotFound("deployment", id);
        return await AnswerAsync(await production.ToAsync(d, ProductionCause.Promote, request, ct), views, ct);
    }

    private static async Task<Results<Ok<RollbackView>, ProblemHttpResult>> ConsiderAsync(
        string name, string? deployment, IProjectStore projects, DeploymentLookup lookup, Rollbacks rollbacks, DeploymentViews views, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        var named = deployment is null ? null : await lookup.FindAsync(deployment, ct);
        if (deployment is not null && named is null) return ApiProblems.NotFound("deployment", deployment);
        var considered = await rollbacks.ConsiderAsync(project, named, ct);
        return considered.IsFailure(out var failure) ? Refused(failure) : TypedResults.Ok(ToView(considered.Value, project, views));
    }

    private static async Task<Results<Ok<ProductionView>, ProblemHttpResult>> RollbackAsync(
        string name, RollbackRequest? body, HttpRequest request, IProjectStore projects, DeploymentLookup lookup, Rollbacks rollbacks, AuditedSwitch production, DeploymentViews views, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        var named = body?.Deployment is { } asked ? await lookup.FindAsync(asked, ct) : null;
        if (body?.Deployment is { } missing && named is null) return ApiProblems.NotFound("deployment", missing);
        var considered = await rollbacks.ConsiderAsync(project, named, ct);
        if (considered.IsFailure(out var failure)) return Refused(failure);
        return await AnswerAsync(await production.ToAsync(considered.Value.To, ProductionCause.Rollback, request, ct), views, ct);
    }

    private static async Task<Results<Ok<ProjectView>, ProblemHttpResult>> ReleaseAsync(string name, HttpRequest request, AuditTrail audit, IProjectStore projects, DeploymentViews views, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        if (!project.IsPinned) return Refused(new Failure("rollback.not_pinned", $"production of {name} is not pinned: there is nothing to release"));
        if (await audit.WriteAsync(request, AuditAction.PinRelease, project, "the next deployment for production is served", ct) is { } unwritten) return Refused(unwritten);
        return await projects.UpdateAsync(project.Id, p => p with { ProductionPin = null }, ct) is { } released
            ? TypedResults.Ok(ProjectEndpoints.ToView(released, views)) : ApiProblems.NotFound("project", name);
    }

    private static async Task<Results<Ok<ProductionView>, ProblemHttpResult>> AnswerAsync(Outcome<Switched> outcome, DeploymentViews views, CancellationToken ct)
    {
        if (outcome.IsFailure(out var failure)) return Refused(failure);
        var (before, now, isPinned, took) = outcome.Value;
        var view = await views.ToViewAsync(now, ct);
        return TypedResults.Ok(new ProductionView(now.ProjectName, view.ProductionUrl, view, before?.ToString(), isPinned, Math.Round(took.TotalMilliseconds, 1)));
    }

    /// <summary>All but a missing thing and a dead edge is a conflict with how things stand.</summary>
    private static ProblemHttpResult Refused(Failure failure) => failure.Problem(failure.Code switch
    {
        "route.edge_down" or "audit.unavailable" => StatusCodes.Status503ServiceUnavailable,
        "project.not_found" => StatusCodes.Status404NotFound,
        _ => StatusCodes.Status409Conflict,
    });

    private static RollbackView ToView(Rollback r, Project project, DeploymentViews views) => new(
        project.Name, r.From is { } from ? views.ToView(from, project) : null, views.ToView(r.To, project), r.WasProductionAt,
        [.. r.Difference.Environment.Select(v => new VariableDifferenceView(v.Name, v.Change.ToString().ToLowerInvariant()))], r.Difference.Other);
}
