using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Slipway.Client;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;

namespace Slipway.Server.Api.Projects;

/// <summary>How a project's new instances are asked whether they are up.</summary>
internal static class HealthCheckEndpoints
{
    public static void MapProjectHealth(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/projects/{name}/health").WithTags("Projects");
        group.MapGet("", GetAsync).WithSummary("How its new instances are asked whether they are up");
        group.MapPut("", SetAsync).WithSummary("Say how; what is null stays as it is. The next deployment is asked so");
        group.MapDelete("", ResetAsync).WithSummary("Ask them as the installation says");
    }

    private static async Task<Results<Ok<HealthView>, ProblemHttpResult>> GetAsync(string name, IProjectStore projects, IOptions<RuntimeOptions> options, CancellationToken ct) =>
        await projects.FindByNameAsync(name, ct) is { } project ? TypedResults.Ok(ToView(project.Health, options.Value)) : ApiProblems.NotFound("project", name);

    private static async Task<Results<Ok<HealthView>, ProblemHttpResult>> SetAsync(string name, SetHealth body, IProjectStore projects, IOptions<RuntimeOptions> options, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        if (HealthSettings.Check(Merge(project.Health, body)) is { } bad) return bad.Problem(field: FieldOf(bad.Code));
        return await projects.UpdateAsync(project.Id, p => p with { Health = Merge(p.Health, body) }, ct) is { } updated
            ? TypedResults.Ok(ToView(updated.Health, options.Value)) : ApiProblems.NotFound("project", name);
    }

    private static async Task<Results<Ok<HealthView>, ProblemHttpResult>> ResetAsync(string name, IProjectStore projects, IOptions<RuntimeOptions> options, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        await projects.UpdateAsync(project.Id, p => p with { Health = null }, ct);
        return TypedResults.Ok(ToView(null, options.Value));
    }

    private static HealthSettings Merge(HealthSettings? before, SetHealth body)
    {
        var own = before ?? new HealthSettings();
        return own with
        {
            Path = body.Path ?? own.Path,
            Status = body.Status ?? own.Status,
            Timeout = Time(body.TimeoutSeconds) ?? own.Timeout,
            Grace = Time(body.GraceSeconds) ?? own.Grace,
            Interval = Time(body.IntervalSeconds) ?? own.Interval,
        };
    }

    /// <summary>What no time can hold is out of range as well.</summary>
    private static TimeSpan? Time(double? seconds) => seconds is { } given ? TimeSpan.FromSeconds(Math.Clamp(given, -1, 1_000_000)) : null;

    private static string FieldOf(string code) => code switch
    {
        "health.path_invalid" => "path",
        "health.status_invalid" => "status",
        "health.timeout_invalid" => "timeoutSeconds",
        "health.grace_invalid" => "graceSeconds",
        _ => "intervalSeconds",
    };

    private static HealthView ToView(HealthSettings? own, RuntimeOptions installation)
    {
        var check = HealthCheck.Of(installation, own);
        return new(check.Path, check.Expected.Text, check.Timeout.TotalSeconds, check.Grace.TotalSeconds, check.Interval.TotalSeconds, own is not null);
    }
}
