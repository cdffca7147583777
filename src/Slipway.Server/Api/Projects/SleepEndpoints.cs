using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;

namespace Slipway.Server.Api.Projects;

/// <summary>When a project's idle deployments sleep.</summary>
internal static class SleepEndpoints
{
    private const long Longest = 366L * 24 * 3600;

    public static void MapSleep(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/projects/{name}/sleep").WithTags("Projects");
        group.MapGet("", GetAsync).WithSummary("When its idle deployments sleep");
        group.MapPut("", SetAsync).WithSummary("Say when they sleep; what is null stays as it is");
        group.MapDelete("", ResetAsync).WithSummary("Sleep as the installation says");
    }

    private static async Task<Results<Ok<SleepView>, ProblemHttpResult>> GetAsync(string name, IProjectStore projects, IOptions<SleepOptions> options, CancellationToken ct) =>
        await projects.FindByNameAsync(name, ct) is { } project ? TypedResults.Ok(ToView(project.Sleep, options.Value)) : ApiProblems.NotFound("project", name);

    private static async Task<Results<Ok<SleepView>, ProblemHttpResult>> SetAsync(string name, SetSleep body, IProjectStore projects, IOptions<SleepOptions> options, CancellationToken ct)
    {
        if (body.AfterSeconds is < 0 or > Longest || body.StopAfterSeconds is < 0 or > Longest) return new Failure("sleep.too_long", "an app sleeps within a year, or never", "switch it off to never sleep").Problem(field: "afterSeconds");
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        // Checked as it would be in force: a time that is left to the installation counts too.
        if (SleepSettings.Check(InForce(Merge(project.Sleep, body), options.Value)) is { } bad) return bad.Problem(field: body.AfterSeconds is null ? "stopAfterSeconds" : "afterSeconds");
        return await projects.UpdateAsync(project.Id, p => p with { Sleep = Merge(p.Sleep, body) }, ct) is { } updated
            ? TypedResults.Ok(ToView(updated.Sleep, options.Value)) : ApiProblems.NotFound("project", name);
    }

    private static async Task<Results<Ok<SleepView>, ProblemHttpResult>> ResetAsync(string name, IProjectStore projects, IOptions<SleepOptions> options, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(name, ct) is not { } project) return ApiProblems.NotFound("project", name);
        await projects.UpdateAsync(project.Id, p => p with { Sleep = null }, ct);
        return TypedResults.Ok(ToView(null, options.Value));
    }

    private static SleepSettings Merge(SleepSettings? before, SetSleep body)
    {
        var own = before ?? new SleepSettings();
        return own with
        {
            IsOff = body.Enabled is { } enabled ? !enabled : own.IsOff,
            After = body.AfterSeconds is { } after ? TimeSpan.FromSeconds(after) : own.After,
            StopAfter = body.StopAfterSeconds is { } stop ? TimeSpan.FromSeconds(stop) : own.StopAfter,
            Production = body.Production ?? own.Production,
            CrawlersWake = body.CrawlersWake ?? own.CrawlersWake,
        };
    }

    private static SleepSettings InForce(SleepSettings own, SleepOptions installation) =>
        own with { After = own.After ?? (own.StopAfter is null ? null : installation.After), StopAfter = own.StopAfter ?? (own.After is null ? null : Later(own.After.Value, installation.StopAfter)) };

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static SleepView ToView(SleepSettings? own, SleepOptions installation)
    {
        var times = IdlePolicy.TimesOf(installation, own, isProduction: false);
        var (after, stop) = times is null ? (own?.After ?? installation.After, own?.StopAfter ?? installation.StopAfter) : (times.After, times.StopAfter);
        return new(times is not null, (long)after.TotalSeconds, (long)stop.TotalSeconds, own?.Production ?? false, own?.CrawlersWake ?? false, own is not null);
    }
}
