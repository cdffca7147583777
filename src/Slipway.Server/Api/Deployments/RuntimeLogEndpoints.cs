using System.Globalization;
using System.Net.ServerSentEvents;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.HttpResults;
using Slipway.Client;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Server.Api.Deployments;

/// <summary>
/// What a deployment's app prints while it serves. The stream sends the last lines, then what comes: events <c>line</c> (their id
/// is the line's time, so Last-Event-ID resumes), <c>ping</c> in silence, and <c>end</c> when the app is no longer to run. It goes
/// on over restarts of the app. The engine keeps the lines, within the size that it is given per container.
/// </summary>
internal static class RuntimeLogEndpoints
{
    private const int Most = 10_000;

    public static void MapRuntimeLogs(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/deployments/{id}/runtime-logs").WithTags("Deployments");
        group.MapGet("", ReadAsync).WithSummary("The last lines that the app printed");
        group.MapGet("/stream", StreamAsync).WithSummary("The app's output as server-sent events");
    }

    private static async Task<Results<Ok<List<RuntimeLineView>>, ProblemHttpResult>> ReadAsync(
        string id, int? tail, DeploymentLookup lookup, IContainerRuntime runtime, CancellationToken ct)
    {
        if (await lookup.FindServingAsync(id, ct) is not { } d) return ApiProblems.NotFound("deployment", id);
        if (await runtime.InspectAsync(InstanceId.Of(d.Id), ct) is not { } instance) return NoInstance(d);

        var lines = await runtime.ReadOutputAsync(instance.Id, new() { Tail = Bounded(tail) }, ct).Select(ToView).ToListAsync(ct);
        return TypedResults.Ok(lines);
    }

    private static async Task<Results<ServerSentEventsResult<object>, ProblemHttpResult>> StreamAsync(
        string id, int? tail, DateTimeOffset? after, HttpRequest request, DeploymentLookup lookup, IDeploymentStore deployments, IContainerRuntime runtime, TimeProvider time,
        IHostApplicationLifetime lifetime, CancellationToken ct)
    {
        if (await lookup.FindServingAsync(id, ct) is not { } d) return ApiProblems.NotFound("deployment", id);
        if (await runtime.InspectAsync(InstanceId.Of(d.Id), ct) is null) return NoInstance(d);

        var last = DateTimeOffset.TryParse(request.Headers["Last-Event-ID"].ToString(), CultureInfo.InvariantCulture, out var at) ? at : after;
        var query = new OutputQuery { Tail = Bounded(tail), After = last, Follow = true };
        return TypedResults.ServerSentEvents(EventStream.ReadAsync((events, token) => PumpAsync(d.Id, query, deployments, runtime, events, token), time, lifetime.ApplicationStopping, ct));
    }

    /// <summary>Every change of an instance is a reason to look again: the app may have been started anew.</summary>
    private static async Task PumpAsync(
        DeploymentId id, OutputQuery query, IDeploymentStore deployments, IContainerRuntime runtime, ChannelWriter<SseItem<object>> events, CancellationToken ct)
    {
        await foreach (var _ in runtime.WatchAsync(ct))
        {
            if (await runtime.InspectAsync(InstanceId.Of(id), ct) is { } instance)
            {
                await foreach (var line in runtime.ReadOutputAsync(instance.Id, query, ct))
                {
                    // The tail is of the first look; what came after it is wanted whole.
                    query = query with { After = line.At, Tail = Most };
                    await events.WriteAsync(new SseItem<object>(ToView(line), "line") { EventId = line.At.ToString("O", CultureInfo.InvariantCulture) }, ct);
                }
            }

            if (await deployments.FindAsync(id, ct) is { State: DeploymentState.Ready or DeploymentState.Deploying }) continue;
            await events.WriteAsync(new SseItem<object>(new { }, "end"), ct);
            return;
        }
    }

    private static ProblemHttpResult NoInstance(Deployment d) => new Failure(
        "runtime.no_instance", $"no app of deployment {d.Hash} runs, so nothing is printed", $"what its build said: slipway logs {d.Hash}").Problem(StatusCodes.Status409Conflict);

    private static int Bounded(int? tail) => Math.Clamp(tail ?? 1_000, 1, Most);

    private static RuntimeLineView ToView(OutputLine line) => new(line.At, line.IsError ? "err" : "out", line.Text);
}
