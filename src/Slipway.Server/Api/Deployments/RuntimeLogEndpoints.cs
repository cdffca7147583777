using System.Globalization;
using System.Net.ServerSentEvents;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.RuntimeLogs;

namespace Slipway.Server.Api.Deployments;

/// <summary>
/// What apps print while they serve: of a deployment, or of all a project's. The stream sends the last lines, then what comes: events
/// <c>line</c> (their id is the line's number, so Last-Event-ID resumes), <c>ping</c> in silence, and <c>end</c> when the deployment is no longer
/// to run, or nothing is left of the project. It goes on over restarts of the app, and for a project over its next deployments.
/// </summary>
internal static class RuntimeLogEndpoints
{
    private const int Most = 10_000;

    /// <summary>What an app says as it ends comes a moment after its deployment's end.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    public static void MapRuntimeLogs(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/deployments/{id}/runtime-logs").WithTags("Deployments");
        group.MapGet("", ReadAsync).WithSummary("The last lines that the app printed; of all deployments for a project's name");
        group.MapGet("/stream", StreamAsync).WithSummary("The app's output as server-sent events");
    }

    private static async Task<Results<Ok<List<RuntimeLineView>>, ProblemHttpResult>> ReadAsync(
        string id, int? tail, DateTimeOffset? since, DeploymentLookup lookup, RuntimeLogAuthors authors, IRuntimeLog logs, CancellationToken ct)
    {
        if (await lookup.FindWithProjectAsync(id, ct) is not { } target) return ApiProblems.NotFound("deployment", id);
        var lines = await logs.ReadAsync(Query(target) with { Tail = Bounded(tail), Since = since }, ct);
        if (lines.Count == 0 && await authors.WhyNoneAsync(target, ct) is { } none) return none.Problem(StatusCodes.Status409Conflict);
        var hashes = await authors.HashesAsync(target.Project, ct);
        var views = new List<RuntimeLineView>(lines.Count);
        foreach (var line in lines) views.Add(await ToViewAsync(line, hashes, authors, ct));
        return TypedResults.Ok(views);
    }

    private static async Task<Results<ServerSentEventsResult<object>, ProblemHttpResult>> StreamAsync(
        string id, int? tail, DateTimeOffset? since, long? after, HttpRequest request, DeploymentLookup lookup, RuntimeLogAuthors authors, IRuntimeLog logs, TimeProvider time,
        IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        if (await lookup.FindWithProjectAsync(id, ct) is not { } target) return ApiProblems.NotFound("deployment", id);
        var last = long.TryParse(request.Headers["Last-Event-ID"].ToString(), CultureInfo.InvariantCulture, out var number) ? number : after;
        var query = Query(target) with { Tail = Bounded(tail), Since = since, After = last };
        if (last is null && (await logs.ReadAsync(Query(target) with { Tail = 1 }, ct)).Count == 0 && await authors.WhyNoneAsync(target, ct) is { } none) return none.Problem(StatusCodes.Status409Conflict);
        return TypedResults.ServerSentEvents(EventStream.ReadAsync((events, token) => PumpAsync(target, query, authors, logs, time, events, token), time, lifetime.ApplicationStopping, ct));
    }

    private static async Task PumpAsync(
        RuntimeLogTarget target, RuntimeLogQuery query, RuntimeLogAuthors authors, IRuntimeLog logs, TimeProvider time, ChannelWriter<SseItem<object>> events, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watch = EndAsync(target, authors, time, over);
        var hashes = await authors.HashesAsync(target.Project, ct);
        try
        {
            await foreach (var line in logs.FollowAsync(query, over.Token))
                await events.WriteAsync(new SseItem<object>(await ToViewAsync(line, hashes, authors, ct), "line") { EventId = line.Number.ToString(CultureInfo.InvariantCulture) }, ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            await events.WriteAsync(new SseItem<object>(new { }, "end"), ct);
        }
        finally
        {
            await over.CancelAsync();
            await watch;
        }
    }

    private static async Task EndAsync(RuntimeLogTarget target, RuntimeLogAuthors authors, TimeProvider time, CancellationTokenSource over)
    {
        await authors.UntilOverAsync(target, over.Token);
        await Task.Delay(LastWords, time, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await over.CancelAsync();
    }

    private static RuntimeLogQuery Query(RuntimeLogTarget target) => new(target.Project, target.Deployment?.Id);

    private static int Bounded(int? tail) => Math.Clamp(tail ?? 1_000, 1, Most);

    private static async ValueTask<RuntimeLineView> ToViewAsync(RuntimeLine line, Dictionary<DeploymentId, string> hashes, RuntimeLogAuthors authors, CancellationToken ct)
    {
        if (!hashes.TryGetValue(line.Deployment, out var hash)) hashes[line.Deployment] = hash = await authors.HashAsync(line.Deployment, ct);
        return new(line.Number, hash, line.At, line.Stream switch { RuntimeStream.Err => "err", RuntimeStream.Note => "note", _ => "out" }, line.Text);
    }
}
