using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Slipway.Server.Api;

/// <summary>Server-sent events from whatever writes them, with a <c>ping</c> in silence. Ends with the source, the client or the server.</summary>
internal static class EventStream
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public static async IAsyncEnumerable<SseItem<object>> ReadAsync(
        Func<ChannelWriter<SseItem<object>>, CancellationToken, Task> source, TimeProvider time, CancellationToken stopping, [EnumeratorCancellation] CancellationToken ct)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, stopping);
        var events = Channel.CreateBounded<SseItem<object>>(256);
        var pump = PumpAsync(source, events.Writer, both.Token);
        var next = events.Reader.WaitToReadAsync(both.Token).AsTask();
        while (!both.IsCancellationRequested)
        {
            if (await IsQuietAsync(next, time, both.Token))
            {
                if (!both.IsCancellationRequested) yield return new SseItem<object>(new { }, "ping");
                continue;
            }

            if (!next.IsCompletedSuccessfully || !next.Result) break;
            while (events.Reader.TryRead(out var item)) yield return item;
            next = events.Reader.WaitToReadAsync(both.Token).AsTask();
        }

        await both.CancelAsync();
        await pump;
    }

    /// <summary>Leaves no timer behind: of a long log it is asked thousands of times a second.</summary>
    private static async Task<bool> IsQuietAsync(Task next, TimeProvider time, CancellationToken ct)
    {
        if (next.IsCompleted) return false;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var isQuiet = await Task.WhenAny(next, Task.Delay(Silence, time, over.Token)) != next;
        await over.CancelAsync();
        return isQuiet;
    }

    private static async Task PumpAsync(Func<ChannelWriter<SseItem<object>>, CancellationToken, Task> source, ChannelWriter<SseItem<object>> events, CancellationToken ct)
    {
        try
        {
            await source(events, ct);
            events.Complete();
        }
        catch (OperationCanceledException)
        {
            events.Complete();
        }
        catch (Exception e)
        {
            events.Complete(e);
        }
    }
}
