using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Auditing;
using Slipway.Core.Pipeline.Launching;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Server.Api.Auditing;

namespace Slipway.Server.Api.Volumes;

/// <summary>What a project's production keeps across deployments.</summary>
internal static class VolumeEndpoints
{
    public static void MapVolumes(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/projects/{name}/volumes").WithTags("Projects");
        group.MapGet("", ListAsync).WithSummary("What its production keeps across deployments");
        group.MapPost("", AddAsync).WithSummary("Keep a folder; from the next deployment on");
        group.MapDelete("/{volume}", RemoveAsync).WithSummary("Remove a volume with its data; production starts again without it");
    }

    private static async Task<Results<Ok<List<VolumeView>>, ProblemHttpResult>> ListAsync(string name, IProjectStore projects, IVolumes volumes, CancellationToken ct) =>
        await projects.FindByNameAsync(name, ct) is { } project ? TypedResults.Ok(project.Volumes.Select(v => ToView(project, v, volumes)).ToList()) : ApiProblems.NotFound("project", name);

    private static async Task<Results<Ok<VolumeView>, ProblemHttpResult>> AddAsync(
        string name, AddVolume body, HttpRequest request, AuditTrail audit, IProjectStore projects, IVolumes volumes, TimeProvider time, ILoggerFactory logs, CancellationToken ct)
    {
        var path = VolumeRules.CheckPath(body.Path);
        if (path.IsFailure(out var failure)) return failure.Problem(field: "path");
        if (body.Name is not null && VolumeRules.CheckName(body.Name) is { } badName) return badName.Problem(field: "name");
        if (await projects.FindByNameAsync(name, ct) is not { } found) return ApiProblems.NotFound("project", name);
        var wanted = new Volume(body.Name ?? VolumeRules.NameOf(path.Value), path.Value, time.GetUtcNow());
        var refused = VolumeRules.CheckAdd(wanted, found.Volumes);
        if (refused is var (early, of)) return early.Problem(StatusCodes.Status409Conflict, of);
        if (await audit.WriteAsync(request, AuditAction.VolumeAdd, found, $"{wanted.Name} at {wanted.Path}", ct) is { } unwritten) return unwritten.Problem(StatusCodes.Status503ServiceUnavailable);
        var updated = await projects.UpdateAsync(found.Id, p =>
        {
            refused = VolumeRules.CheckAdd(wanted, p.Volumes);
            return refused is null ? p with { Volumes = [.. p.Volumes.Append(wanted).OrderBy(v => v.Name, StringComparer.Ordinal)] } : p;
        }, ct);
        if (updated is null) return ApiProblems.NotFound("project", name);
        if (refused is var (why, field)) return why.Problem(StatusCodes.Status409Conflict, field);
        logs.CreateLogger(typeof(VolumeEndpoints)).VolumeChanged("added", wanted.Name, wanted.Path, name);
        return TypedResults.Ok(ToView(updated, wanted, volumes));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        string name, string volume, HttpRequest request, AuditTrail audit, IProjectStore projects, IVolumes volumes, DataHandover handover, ILoggerFactory logs, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        if (project.Volumes.FirstOrDefault(v => v.Name == volume) is not { } known)
            return new Failure("volume.not_found", $"'{volume}' is no volume of {name}", $"list them with: slipway volume ls {name}").Problem(StatusCodes.Status404NotFound, "volume");
        if (await audit.WriteAsync(request, AuditAction.VolumeRemove, project, $"{known.Name} at {known.Path}, with its data", ct) is { } unwritten) return unwritten.Problem(StatusCodes.Status503ServiceUnavailable);
        // Whose instances have it is looked up over the whole installation.
        using var system = TeamScope.EnterSystem();
        await handover.RemoveAsync(project.Id, volume, volumes, ct);
        logs.CreateLogger(typeof(VolumeEndpoints)).VolumeChanged("removed", volume, known.Path, name);
        return TypedResults.NoContent();
    }

    private static VolumeView ToView(Project project, Volume volume, IVolumes volumes) => new(volume.Name, volume.Path, volumes.EngineName(project.Id, volume.Name), volume.CreatedAt);
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "volume {What}: {Volume} at {Path} of project {Project}")]
    public static partial void VolumeChanged(this ILogger log, string what, string volume, string path, string project);
}
