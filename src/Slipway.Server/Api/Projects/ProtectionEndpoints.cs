using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Auditing;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Server.Api.Auditing;

namespace Slipway.Server.Api.Projects;

/// <summary>A project's password. Each change is answered once the edge asks by it.</summary>
internal static class ProtectionEndpoints
{
    /// <summary>Rounds of PBKDF2 with HMAC-SHA512, as OWASP has them.</summary>
    private const int Rounds = 210_000;

    private static readonly PasswordHasher<Project> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Rounds }));

    public static void MapProjectProtection(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/projects/{name}/protection").WithTags("Projects");
        group.MapGet("", GetAsync).WithSummary("Which of its hosts ask for a password");
        group.MapPut("", SetAsync).WithSummary("Set the password or the hosts; what is null stays as it is");
        group.MapDelete("", RemoveAsync).WithSummary("Open all its hosts");
    }

    private static async Task<Results<Ok<ProtectionView>, ProblemHttpResult>> GetAsync(string name, IProjectStore projects, CancellationToken ct) =>
        await projects.FindByNameAsync(name, ct) is { } project ? TypedResults.Ok(ToView(project)) : ApiProblems.NotFound("project", name);

    private static async Task<Results<Ok<ProtectionView>, ProblemHttpResult>> SetAsync(
        string name, SetProtection body, HttpRequest request, AuditTrail audit, IProjectStore projects, ProtectionPublishing publishing, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        if (body.Hosts is not (null or "all" or "previews")) return new Failure("protection.hosts_invalid", $"'{body.Hosts}' names no hosts", "write all or previews").Problem(field: "hosts");
        if (body.Password is null && project.Protection is null) return new Failure("protection.password_missing", "the project has no password yet", "give one, or let one be made: slipway protect PROJECT --generate").Problem(field: "password");
        if (body.Password is { } given && ProtectionSettings.CheckPassword(given) is { } bad) return bad.Problem(field: "password");

        var hash = body.Password is { } password ? new Secret(Hasher.HashPassword(project, password)) : null;
        var hosts = body.Hosts switch { "all" => ProtectedHosts.All, "previews" => ProtectedHosts.Previews, _ => (ProtectedHosts?)null };
        var told = (hosts ?? project.Protection?.Hosts) == ProtectedHosts.Previews ? "previews" : "all";
        if (await audit.WriteAsync(request, AuditAction.ProtectionSet, project, hash is null ? $"hosts: {told}" : $"hosts: {told}, a new password", ct) is { } unwritten) return unwritten.Problem(StatusCodes.Status503ServiceUnavailable);
        // Taken away by somebody else in the meantime, it stays so.
        var updated = await projects.UpdateAsync(project.Id, p => (hash ?? p.Protection?.PasswordHash) is { } kept
            ? p with { Protection = new ProtectionSettings(kept, hosts ?? p.Protection?.Hosts ?? ProtectedHosts.All) } : p, ct);
        if (updated is null) return ApiProblems.NotFound("project", name);
        await publishing.PublishAsync(updated, ct);
        return TypedResults.Ok(ToView(updated));
    }

    private static async Task<Results<Ok<ProtectionView>, ProblemHttpResult>> RemoveAsync(string name, HttpRequest request, AuditTrail audit, IProjectStore projects, ProtectionPublishing publishing, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        if (await audit.WriteAsync(request, AuditAction.ProtectionRemove, project, "all hosts are open", ct) is { } unwritten) return unwritten.Problem(StatusCodes.Status503ServiceUnavailable);
        if (await projects.UpdateAsync(project.Id, p => p with { Protection = null }, ct) is not { } updated) return ApiProblems.NotFound("project", name);
        await publishing.PublishAsync(updated, ct);
        return TypedResults.Ok(ToView(updated));
    }

    private static ProtectionView ToView(Project project) => new(HostsOf(project) ?? "none");

    /// <summary>As the API says it; null: none.</summary>
    internal static string? HostsOf(Project? project) => project?.Protection?.Hosts switch
    {
        null => null,
        ProtectedHosts.Previews => "previews",
        _ => "all",
    };
}

/// <summary>Brings the edge to what was changed. One that is down is told by the reconciler when it is back.</summary>
internal sealed class ProtectionPublishing(RoutePublisher routes, ILogger<ProtectionPublishing> log)
{
    public async Task PublishAsync(Project project, CancellationToken ct)
    {
        log.ProtectionChanged(project.Name, ProtectionEndpoints.HostsOf(project) ?? "none");
        using var system = TeamScope.EnterSystem();
        try
        {
            await routes.PublishAsync(ct);
        }
        catch (RouterDownException e)
        {
            log.EdgeMissesProtection(e, project.Name);
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "project {Project} asks for a password at: {Hosts}")]
    public static partial void ProtectionChanged(this ILogger log, string project, string hosts);

    [LoggerMessage(LogLevel.Warning, "the edge is down; it learns of the protection of {Project} when it is back")]
    public static partial void EdgeMissesProtection(this ILogger log, Exception e, string project);
}
