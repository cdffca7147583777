using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using NATS.Client.Core;
using Slipway.Core;

namespace Slipway.Nats.Worker;

/// <summary>Sends until the server has it: lines and results are never given up while this process lives.</summary>
internal sealed class Sender(NatsLink link, TimeProvider time, ILogger<Sender> log)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <param name="messageId">The same twice counts once.</param>
    public async Task SendAsync(string what, DeploymentId deployment, string subject, string messageId, byte[] data, CancellationToken ct)
    {
        var pause = TimeSpan.FromMilliseconds(100);
        var isTold = false;
        while (true)
        {
            try
            {
                (await Patience.WithinAsync(token => link.JetStream.PublishAsync(subject, data, opts: new NatsJSPubOpts { MsgId = messageId }, cancellationToken: token), ct)).EnsureStored();
                return;
            }
            catch (Exception e) when (e is NatsException || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                // Away, or full: it waits here, and the build with it.
                if (!isTold) log.NotSent(what, deployment, e.Message);
                isTold = true;
            }

            await Task.Delay(pause, time, ct);
            pause = pause * 2 < Longest ? pause * 2 : Longest;
        }
    }
}
