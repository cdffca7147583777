using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Auditing;
using Slipway.Core.Domains;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Server.Api.Auditing;
using Slipway.Server.Api.Certificates;
using Slipway.Server.Api.Deployments;
using Slipway.Server.Hosting.Certificates;

namespace Slipway.Server.Api.Domains;

/// <summary>A project's own domains. Each change is answered once the edge serves it.</summary>
internal static class DomainEndpoints
{
    public static void MapDomains(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/projects/{name}/domains").WithTags("Projects");
        group.MapGet("", ListAsync).WithSummary("Its own domains");
        group.MapPost("", AddAsync).WithSummary("Add a domain that leads to production or redirects to another, or change that");
        group.MapDelete("/{host}", RemoveAsync).WithSummary("Take a domain away");
    }

    private static async Task<Results<Ok<List<DomainView>>, ProblemHttpResult>> ListAsync(string name, IProjectStore projects, IDomainStore domains, DeploymentViews views, CertificateViews certificates, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        return TypedResults.Ok((await domains.ListAsync(project.Id, ct)).Select(d => ToView(d, views, certificates)).ToList());
    }

    private static async Task<Results<Ok<DomainView>, ProblemHttpResult>> AddAsync(
        string name, AddDomain body, HttpRequest request, AuditTrail audit, IProjectStore projects, IDomainStore domains, DomainPublishing publishing, DeploymentViews views, CertificateViews certificates, CertificateKeeper keeper, IOptions<RuntimeOptions> options, TimeProvider time, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        var host = DomainName.Check(body.Host, options.Value.BaseDomain);
        if (host.IsFailure(out var failure)) return failure.Problem(field: "host");
        var target = body.RedirectTo is null ? (Outcome<string>?)null : DomainName.Check(body.RedirectTo, options.Value.BaseDomain);
        if (target?.IsFailure(out failure) == true) return failure.Problem(field: "redirectTo");
        var detail = target is null ? host.Value : $"{host.Value}, which redirects to {target.Value.Value}";
        if (await audit.WriteAsync(request, AuditAction.DomainAdd, project, detail, ct) is { } unwritten) return unwritten.Problem(StatusCodes.Status503ServiceUnavailable);
        var added = await domains.AddAsync(new Domain(host.Value, project.Id, project.Team, target?.Value, time.GetUtcNow()), ct);
        if (added.IsFailure(out failure)) return failure.Problem(StatusCodes.Status409Conflict, failure.Code == "domain.taken" ? "host" : "redirectTo");
        await publishing.PublishAsync("added", project, host.Value, ct);
        keeper.LookAnew(host.Value);
        return TypedResults.Ok(ToView(added.Value, views, certificates));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string name, string host, HttpRequest request, AuditTrail audit, IProjectStore projects, IDomainStore domains, DomainPublishing publishing, CertificateKeeper keeper, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        var normal = HostName.TryNormalize(host, out var comparable) ? comparable : host;
        var isKnown = (await domains.ListAsync(project.Id, ct)).Any(d => d.Host == normal);
        if (isKnown && await audit.WriteAsync(request, AuditAction.DomainRemove, project, normal, ct) is { } unwritten) return unwritten.Problem(StatusCodes.Status503ServiceUnavailable);
        if (await domains.RemoveAsync(project.Id, normal, ct) is { } failure) return failure.Problem(failure.Code == "domain.not_found" ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict, "host");
        await publishing.PublishAsync("removed", project, normal, ct);
        keeper.LookAnew(normal);
        return TypedResults.NoContent();
    }

    private static DomainView ToView(Domain domain, DeploymentViews views, CertificateViews certificates) =>
        new(domain.Host, views.Urls.OfHost(domain.Host), domain.RedirectTo, domain.CreatedAt) { Certificate = certificates.Of(domain.Host) };
}

/// <summary>Brings the edge to what was changed. One that is down is told by the reconciler when it is back.</summary>
internal sealed class DomainPublishing(RoutePublisher routes, ILogger<DomainPublishing> log)
{
    public async Task PublishAsync(string what, Project project, string host, CancellationToken ct)
    {
        log.DomainChanged(what, host, project.Name);
        using var system = TeamScope.EnterSystem();
        try
        {
            await routes.PublishAsync(ct);
        }
        catch (RouterDownException e)
        {
            log.EdgeMissesDomain(e, host);
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "domain {What}: {Host} of project {Project}")]
    public static partial void DomainChanged(this ILogger log, string what, string host, string project);

    [LoggerMessage(LogLevel.Warning, "the edge is down; it learns of the domain {Host} when it is back")]
    public static partial void EdgeMissesDomain(this ILogger log, Exception e, string host);
}
