using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Auditing;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Server.Api.Auditing;
using Slipway.Server.Api.Deployments;
using Slipway.Server.Hosting;

namespace Slipway.Server.Api.Projects;

/// <summary><c>POST /v1/projects</c>: a project for a repository before its first deployment, so that a webhook can start it.</summary>
internal sealed record CreateProject(string? Name, string GitUrl, string? ProductionBranch, string? RootDirectory);

/// <summary>Shown once.</summary>
internal sealed record WebhookView(string Url, string Secret);

internal static class ProjectEndpoints
{
    public static void MapProjects(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/projects").WithTags("Projects");
        group.MapGet("", ListAsync).WithSummary("All projects");
        group.MapPost("", CreateAsync).WithSummary("A project for a repository");
        group.MapGet("/{name}", FindAsync).WithSummary("One project");
        group.MapPost("/{name}/webhook", CreateWebhookAsync).WithSummary("Make (or replace) the project's webhook secret; shown once");
        group.MapDelete("/{name}", RemoveAsync).WithSummary("Remove a project with its deployments, variables, images and the data in its volumes");
    }

    private static async Task<Ok<List<ProjectView>>> ListAsync(IProjectStore projects, DeploymentViews views, CancellationToken ct) =>
        TypedResults.Ok((await projects.ListAsync(ct)).Select(p => ToView(p, views)).ToList());

    private static async Task<Results<Ok<ProjectView>, ProblemHttpResult>> FindAsync(string name, IProjectStore projects, DeploymentViews views, CancellationToken ct) =>
        await projects.FindByNameAsync(name, ct) is { } p ? TypedResults.Ok(ToView(p, views)) : ApiProblems.NotFound("project", name);

    private static async Task<Results<Created<ProjectView>, ProblemHttpResult>> CreateAsync(CreateProject body, IProjectStore projects, DeploymentViews views, TimeProvider time, CancellationToken ct)
    {
        var url = GitUrl.Parse(body.GitUrl ?? "");
        if (url.IsFailure(out var failure)) return failure.Problem(field: "gitUrl");
        var name = body.Name ?? ProjectName.Suggest(url.Value.RepositoryName);
        if (ProjectName.Check(name) is { } bad) return bad.Problem(field: "name");
        var created = await projects.CreateAsync(new Project
        {
            Id = StrongId.New<ProjectId>(time),
            Team = TeamScope.Current?.Team ?? TeamScope.DefaultTeam,
            Name = name!,
            Origin = url.Value.Origin,
            ProductionBranch = body.ProductionBranch,
            RootDirectory = body.RootDirectory,
            CacheKey = new Secret(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))),
            CreatedAt = time.GetUtcNow(),
        }, ct);
        return created.IsFailure(out failure) ? failure.Problem(StatusCodes.Status409Conflict, "name") : TypedResults.Created($"/v1/projects/{name}", ToView(created.Value, views));
    }

    private static async Task<Results<Created<WebhookView>, ProblemHttpResult>> CreateWebhookAsync(string name, HttpRequest request, SelfAddress self, IProjectStore projects, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        await projects.UpdateAsync(project.Id, p => p with { WebhookSecret = new Secret(secret) }, ct);
        return TypedResults.Created((string?)null, new WebhookView($"{Address(self, request)}/v1/hooks/github", secret));
    }

    /// <summary>As the world finds it, where it can; else as whoever asks does.</summary>
    private static string Address(SelfAddress self, HttpRequest request) => self.Public is { } url && url.StartsWith("https://", StringComparison.Ordinal) ? url : $"{request.Scheme}://{request.Host}";

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string name, HttpRequest request, AuditTrail audit, IProjectStore projects, DeploymentRemoval removal, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        var detail = project.Volumes.Count == 0 ? $"{project.Id}" : $"{project.Id}, with the data of {string.Join(", ", project.Volumes.Select(v => v.Name))}";
        if (await audit.WriteAsync(request, AuditAction.ProjectRemove, project, detail, ct) is { } unwritten) return unwritten.Problem(StatusCodes.Status503ServiceUnavailable);
        await removal.RemoveAsync(project, ct);
        return TypedResults.NoContent();
    }

    internal static ProjectView ToView(Project p, DeploymentViews views) =>
        new(p.Id.ToString(), p.Name, p.Origin, p.ProductionBranch, views.Urls.Of(p.Name), p.Production?.ToString(), p.RootDirectory, p.CreatedAt) { ProductionPinned = p.IsPinned };
}
