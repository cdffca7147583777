using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Slipway.Nats;

/// <summary>Whether a stream holds something for one subject.</summary>
internal static class StreamLook
{
    private const int NoMessage = 10037;

    public static async Task<bool> HoldsAsync(this NatsLink link, string stream, string subject, CancellationToken ct)
    {
        try
        {
            await (await link.JetStream.GetStreamAsync(stream, cancellationToken: ct)).GetAsync(new StreamMsgGetRequest { LastBySubj = subject }, ct);
            return true;
        }
        catch (NatsJSApiException e) when (e.IsNoMessage())
        {
            return false;
        }
    }

    /// <summary>There is no such message (any more), or no such stream.</summary>
    public static bool IsNoMessage(this NatsJSApiException e) => e.Error.Code == 404 || e.Error.ErrCode == NoMessage;
}
