using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Slipway.Client;
using Slipway.Core.Projects;
using Slipway.Core.Storage;
using Slipway.Server.Hosting;

namespace Slipway.Server.Api.Projects;

/// <summary>How long a project's deployments are kept.</summary>
internal static class RetentionEndpoints
{
    private const long Longest = 3660L * 24 * 3600;

    public static void MapRetention(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/projects/{name}/retention").WithTags("Projects");
        group.MapGet("", GetAsync).WithSummary("How long its deployments are kept");
        group.MapPut("", SetAsync).WithSummary("Say how long; what is null stays as it is. In force at once");
        group.MapDelete("", ResetAsync).WithSummary("Keep them as the installation says");
    }

    private static async Task<Results<Ok<RetentionView>, ProblemHttpResult>> GetAsync(string name, IProjectStore projects, IOptions<StorageOptions> options, CancellationToken ct) =>
        await projects.FindByNameAsync(name, ct) is { } project ? TypedResults.Ok(ToView(project.Retention, options.Value)) : ApiProblems.NotFound("project", name);

    private static async Task<Results<Ok<RetentionView>, ProblemHttpResult>> SetAsync(
        string name, SetRetention body, IProjectStore projects, DiskKeeper keeper, IOptions<StorageOptions> options, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        if (RetentionSettings.Check(Merge(project.Retention, body)) is { } bad) return bad.Problem(field: bad.Code == "retention.keep_invalid" ? "keep" : "previewIdleSeconds");
        if (await projects.UpdateAsync(project.Id, p => p with { Retention = Merge(p.Retention, body) }, ct) is not { } updated) return ApiProblems.NotFound("project", name);
        keeper.LookSoon();
        return TypedResults.Ok(ToView(updated.Retention, options.Value));
    }

    private static async Task<Results<Ok<RetentionView>, ProblemHttpResult>> ResetAsync(string name, IProjectStore projects, DiskKeeper keeper, IOptions<StorageOptions> options, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        await projects.UpdateAsync(project.Id, p => p with { Retention = null }, ct);
        keeper.LookSoon();
        return TypedResults.Ok(ToView(null, options.Value));
    }

    private static RetentionSettings Merge(RetentionSettings? before, SetRetention body)
    {
        var own = before ?? new RetentionSettings();
        return own with { Keep = body.Keep ?? own.Keep, PreviewIdle = body.PreviewIdleSeconds is { } idle ? TimeSpan.FromSeconds(Math.Clamp(idle, -1, Longest + 1)) : own.PreviewIdle };
    }

    private static RetentionView ToView(RetentionSettings? own, StorageOptions installation)
    {
        var times = RetentionTimes.Of(installation, own);
        return new(times.Keep, (long)times.PreviewIdle.TotalSeconds, own is not null);
    }
}
