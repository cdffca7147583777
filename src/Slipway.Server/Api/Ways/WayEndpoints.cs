using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Auditing;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Server.Api.Auditing;
using Slipway.Server.Hosting;

namespace Slipway.Server.Api.Ways;

/// <summary>Where a project's apps may go in spite of the fence. Each change is answered once the fence has it.</summary>
internal static class WayEndpoints
{
    public static void MapWays(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/projects/{name}/ways").WithTags("Projects");
        group.MapGet("", ListAsync).WithSummary("Where its apps may go in spite of the fence");
        group.MapPost("", AddAsync).WithSummary("Open one address and port of a private network to its apps");
        group.MapDelete("/{address}", RemoveAsync).WithSummary("Close a way, and what goes on over it");
    }

    private static async Task<Results<Ok<List<WayView>>, ProblemHttpResult>> ListAsync(string name, IProjectStore projects, Firewall firewall, IContainerRuntime runtime, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        var state = await StateAsync(project, firewall.Status is not FirewallStatus.NotEnforced, runtime, ct);
        return TypedResults.Ok(project.Ways.Select(w => new WayView(w.ToString(), firewall.Status is FirewallStatus.NotEnforced ? "unfenced" : state, w.CreatedAt)).ToList());
    }

    private static async Task<Results<Ok<WayView>, ProblemHttpResult>> AddAsync(
        string name, AddWay body, HttpRequest request, AuditTrail audit, IProjectStore projects, WaysOut ways, Firewall firewall, IContainerRuntime runtime, TimeProvider time, ILoggerFactory logs, CancellationToken ct)
    {
        var (own, bridges) = WaysOut.Host();
        var to = WayRules.Check(body.Address, own, bridges);
        if (to.IsFailure(out var failure)) return failure.Problem(field: "address");
        if (await projects.FindByNameAsync(name, ct) is not { } found) return ApiProblems.NotFound("project", name);
        var wanted = new Way(to.Value.Address.ToString(), to.Value.Port, time.GetUtcNow());
        if (found.Ways.Count >= WayRules.Most && !found.Ways.Any(w => IsSame(w, wanted))) return TooMany(name);
        if (await audit.WriteAsync(request, AuditAction.WayOpen, found, wanted.ToString(), ct) is { } unwritten) return unwritten.Problem(StatusCodes.Status503ServiceUnavailable);
        var updated = await projects.UpdateAsync(found.Id, p => p.Ways.Any(w => IsSame(w, wanted)) || p.Ways.Count >= WayRules.Most ? p : p with { Ways = [.. p.Ways.Append(wanted).OrderBy(w => w.Address, StringComparer.Ordinal).ThenBy(w => w.Port)] }, ct);
        if (updated is null) return ApiProblems.NotFound("project", name);
        if (updated.Ways.FirstOrDefault(w => IsSame(w, wanted)) is not { } kept) return TooMany(name);
        var isInForce = await ways.PublishAsync(ct);
        logs.CreateLogger(typeof(WayEndpoints)).WayChanged("opened", kept.ToString(), name);
        return TypedResults.Ok(new WayView(kept.ToString(), firewall.Status is FirewallStatus.NotEnforced ? "unfenced" : await StateAsync(updated, isInForce, runtime, ct), kept.CreatedAt));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string name, string address, HttpRequest request, AuditTrail audit, IProjectStore projects, WaysOut ways, ILoggerFactory logs, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        if (project.Ways.FirstOrDefault(w => w.ToString() == address) is not { } known)
            return new Failure("allow.not_found", $"{address} is not open to {name}", $"list what is with: slipway allow ls {name}").Problem(StatusCodes.Status404NotFound, "address");
        if (await audit.WriteAsync(request, AuditAction.WayClose, project, known.ToString(), ct) is { } unwritten) return unwritten.Problem(StatusCodes.Status503ServiceUnavailable);
        await projects.UpdateAsync(project.Id, p => p with { Ways = [.. p.Ways.Where(w => !IsSame(w, known))] }, ct);
        await ways.PublishAsync(ct);
        logs.CreateLogger(typeof(WayEndpoints)).WayChanged("closed", known.ToString(), name);
        return TypedResults.NoContent();
    }

    /// <summary>What began before its project had a way is in the network of all, from which none leads out.</summary>
    private static async Task<string> StateAsync(Project project, bool isInForce, IContainerRuntime runtime, CancellationToken ct)
    {
        if (!isInForce) return "waiting";
        return project.Production is { } serves && await runtime.InspectAsync(InstanceId.Of(serves), ct) is { State: InstanceState.Running or InstanceState.Frozen, IsApart: false } ? "redeploy" : "open";
    }

    private static ProblemHttpResult TooMany(string name) =>
        new Failure("allow.too_many", $"a project has at most {WayRules.Most} ways out", $"close one first: slipway allow ls {name}").Problem(StatusCodes.Status409Conflict, "address");

    private static bool IsSame(Way a, Way b) => (a.Address, a.Port) == (b.Address, b.Port);
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "way {What}: {Address} for project {Project}")]
    public static partial void WayChanged(this ILogger log, string what, string address, string project);
}
