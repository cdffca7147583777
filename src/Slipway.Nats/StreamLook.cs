using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Slipway.Nats;

/// <summary>Whether a stream holds something for one subject.</summary>
internal static class StreamLook
{
    private const int NoMessage = 10037;

    /// <remarks>
    /// By the first message of it that is met from the beginning. What nats-server 2.9 keeps of each subject is wrong once messages were taken out:
    /// it says that there is no last one when the last went before others, and counts none when the block with the first is gone.
    /// </remarks>
    public static async Task<bool> HoldsAsync(this NatsLink link, string stream, string subject, CancellationToken ct)
    {
        try
        {
            await Patience.WithinAsync(async token => await (await link.JetStream.GetStreamAsync(stream, cancellationToken: token)).GetAsync(new StreamMsgGetRequest { Seq = 1, NextBySubj = subject }, token), ct);
            return true;
        }
        catch (NatsJSApiException e) when (e.IsNoMessage())
        {
            return false;
        }
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
