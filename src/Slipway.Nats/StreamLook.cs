using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Slipway.Nats;

/// <summary>Whether a stream holds something for one subject.</summary>
internal static class StreamLook
{
    private const int NoMessage = 10037;

    /// <remarks>By its count: nats-server 2.9 may say that there is no last message of a subject when the last was taken out before others.</remarks>
    public static async Task<bool> HoldsAsync(this NatsLink link, string stream, string subject, CancellationToken ct)
    {
        var found = await Patience.WithinAsync(token => link.JetStream.GetStreamAsync(stream, new StreamInfoRequest { SubjectsFilter = subject }, token), ct);
        return found.Info.State.Subjects is { Count: > 0 };
    }

    /// <summary>The stream has it. A message sent again because its acknowledgement was lost is there as well as the first time, which the client takes for a fault.</summary>
    public static void EnsureStored(this PubAckResponse answer)
    {
        if (answer.Duplicate) return;
        answer.EnsureSuccess();
    }

    /// <summary>There is no such message (any more), or no such stream.</summary>
    public static bool IsNoMessage(this NatsJSApiException e) => e.Error.Code == 404 || e.Error.ErrCode == NoMessage;
}
