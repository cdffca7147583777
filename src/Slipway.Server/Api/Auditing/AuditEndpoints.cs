using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Auditing;

namespace Slipway.Server.Api.Auditing;

/// <summary>The audit trail, to read only.</summary>
internal static class AuditEndpoints
{
    private const int Most = 500;

    public static void MapAudit(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/audit", ListAsync).WithTags("Audit").WithSummary("Who did what, newest first; a project's also when it is gone");

    private static async Task<Results<Ok<List<AuditEntryView>>, ProblemHttpResult>> ListAsync(string? project, long? before, int? limit, IAuditLog entries, CancellationToken ct)
    {
        if (limit is < 1 or > Most) return new Failure("audit.limit_invalid", $"{limit} is no number of entries that is answered", $"give 1 to {Most}").Problem(field: "limit");
        if (before < 1) return new Failure("audit.before_invalid", $"{before} is no entry's id", "give the id of the last entry of the page before").Problem(field: "before");
        var found = await entries.ReadAsync(new AuditQuery { Project = project, Before = before, Limit = limit ?? 50 }, ct);
        return TypedResults.Ok(found.Select(e => new AuditEntryView(e.Id, e.At, e.Actor, e.Action, e.Project, e.Detail)).ToList());
    }
}
