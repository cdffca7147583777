using System.Runtime.CompilerServices;
using System.Text.Json;
using Docker.DotNet;
using Microsoft.Extensions.Logging;
using Slipway.Core;
using Slipway.Core.Hosting;

namespace Slipway.Docker.Running;

/// <summary>
/// The engine's events about this home's containers. The stream breaks whenever the engine restarts; what happened meanwhile is
/// told by one empty id after each connect: look at everything.
/// </summary>
internal sealed class ContainerEvents(IDockerClient engine, HomeNames names, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public async IAsyncEnumerable<InstanceId> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var delay = FirstDelay;
        while (true)
        {
            var (stream, reason) = await ConnectAsync(ct);
            if (stream is not null)
            {
                delay = FirstDelay;
                yield return default;
                await using var events = JsonSerializer
                    .DeserializeAsyncEnumerable<EngineEvent>(stream, topLevelValues: true, Json, ct).GetAsyncEnumerator(ct);
                while (true)
                {
                    (var next, reason) = await NextAsync(events, ct);
                    if (next is null) break;
                    if (ContainerLabels.InstanceOf(next.Actor?.Attributes, names.HomeId) is { } id) yield return id;
                }

                await stream.DisposeAsync();
            }

            log.EventsEnded(reason, delay);
            await Task.Delay(delay, time, ct);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }

    private async Task<(Stream? Stream, string Reason)> ConnectAsync(CancellationToken ct)
    {
        try
        {
            return (await BaseImages.Deadline.WithinAsync(ConnectTimeout, "Subscribing to the engine's events", time, OpenAsync, ct), "");
        }
        catch (Exception failed) when (IsPassing(failed, ct))
        {
            return (null, failed.Message);
        }
    }

#pragma warning disable CS0618 // its replacement reports events, but not that the subscription stands
    private Task<Stream> OpenAsync(CancellationToken ct) => engine.System.MonitorEventsAsync(new()
    {
        Filters = new Dictionary<string, IDictionary<string, bool>>
        {
            ["type"] = new Dictionary<string, bool> { ["container"] = true },
            ["event"] = new Dictionary<string, bool> { ["start"] = true, ["die"] = true, ["oom"] = true, ["destroy"] = true },
            ["label"] = new Dictionary<string, bool> { [$"{ContainerLabels.Home}={names.HomeId}"] = true },
        },
    }, ct);
#pragma warning restore CS0618

    private static async Task<(EngineEvent? Event, string Reason)> NextAsync(IAsyncEnumerator<EngineEvent?> events, CancellationToken ct)
    {
        try
        {
            return await events.MoveNextAsync() ? (events.Current ?? new(null), "") : (null, "the engine closed the stream");
        }
        catch (Exception failed) when (IsPassing(failed, ct))
        {
            return (null, failed.Message);
        }
    }

    // An engine that is away is no fault of the watcher: it comes back. Only the token ends the watch.
    private static bool IsPassing(Exception failed, CancellationToken ct) =>
        !ct.IsCancellationRequested &&
        failed is IOException or HttpRequestException or DockerApiException or TimeoutException or JsonException
            or System.Net.Sockets.SocketException or OperationCanceledException or ObjectDisposedException;

    private sealed record EngineEvent(EngineActor? Actor);

    private sealed record EngineActor(Dictionary<string, string>? Attributes);
}
