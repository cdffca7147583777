using System.Globalization;
using System.Net.ServerSentEvents;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;

namespace Slipway.Server.Api.Deployments;

/// <summary>
/// The log of a deployment. The stream sends what is stored, then what comes: events <c>line</c> (their id is the sequence,
/// so Last-Event-ID resumes), <c>state</c> at each change, <c>ping</c> in silence, and <c>end</c> when nothing more will come.
/// </summary>
internal static class DeploymentLogEndpoints
{
    public static void MapDeploymentLogs(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/deployments/{id}/logs").WithTags("Deployments");
        group.MapGet("", ReadAsync).WithSummary("Stored lines after a sequence number");
        group.MapGet("/stream", StreamAsync).WithSummary("The log as server-sent events, live and long after");
    }

    private static async Task<Results<Ok<List<LogLineView>>, ProblemHttpResult>> ReadAsync(string id, long? after, int? limit, DeploymentLookup lookup, IBuildLog log, CancellationToken ct)
    {
        if (await lookup.FindAsync(id, ct) is not { } d) return ApiProblems.NotFound("deployment", id);
        var lines = await log.ReadAsync(d.Id, after ?? 0, Math.Clamp(limit ?? 10_000, 1, 100_000), ct);
        return TypedResults.Ok(lines.Select(ToView).ToList());
    }

    private static async Task<Results<ServerSentEventsResult<object>, ProblemHttpResult>> StreamAsync(
        string id, long? after, HttpRequest request, DeploymentLookup lookup, IDeploymentStore deployments, IBuildLog log, DeploymentViews views, TimeProvider time,
        IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        if (await lookup.FindAsync(id, ct) is not { } d) return ApiProblems.NotFound("deployment", id);
        var from = long.TryParse(request.Headers["Last-Event-ID"].ToString(), CultureInfo.InvariantCulture, out var last) ? last : after ?? 0;
        return TypedResults.ServerSentEvents(EventStream.ReadAsync((events, token) => PumpAsync(d.Id, from, deployments, log, views, events, token), time, lifetime.ApplicationStopping, ct));
    }

    private static async Task PumpAsync(DeploymentId id, long after, IDeploymentStore deployments, IBuildLog log, DeploymentViews views, ChannelWriter<SseItem<object>> events, CancellationToken ct)
    {
        using var states = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var watch = StatesAsync(id, deployments, views, events, states.Token);
        await foreach (var line in log.FollowAsync(id, after, ct))
        {
            await events.WriteAsync(new SseItem<object>(ToView(line), "line") { EventId = line.Sequence.ToString(CultureInfo.InvariantCulture) }, ct);
        }

        await states.CancelAsync();
        await watch;
        if (await deployments.FindAsync(id, ct) is { } end) await events.WriteAsync(new SseItem<object>(await views.ToViewAsync(end, ct), "end"), ct);
    }

    private static async Task StatesAsync(DeploymentId id, IDeploymentStore deployments, DeploymentViews views, ChannelWriter<SseItem<object>> events, CancellationToken ct)
    {
        try
        {
            var changes = deployments.WatchAsync(ct);
            if (await deployments.FindAsync(id, ct) is { } now) await events.WriteAsync(new SseItem<object>(await views.ToViewAsync(now, ct), "state"), ct);
            await foreach (var d in changes)
            {
                if (d.Id == id) await events.WriteAsync(new SseItem<object>(await views.ToViewAsync(d, ct), "state"), ct);
            }
        }
        catch (OperationCanceledException)
        {
            // The log has ended, or the client left.
        }
    }

    private static LogLineView ToView(BuildLogLine l) => new(l.Sequence, l.At, l.Stream switch { BuildLogStream.Out => "out", BuildLogStream.Err => "err", _ => "system" }, l.Step, l.Text)
    {
        Change = l.Change is { } change ? DeploymentStepEndpoints.ToView(change) : null,
    };
}
