using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using Slipway.Core;
using Slipway.Core.Tenancy;

namespace Slipway.Nats.Control;

/// <summary>
/// Takes a stream's messages in: those of one deployment in their order, each acknowledged once what it says is in the store. What
/// fails by our own fault is tried again in place, so that nothing overtakes it.
/// </summary>
internal abstract class Intake(NatsLink link, TimeProvider time, ILogger log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected TimeProvider Time => time;

    protected abstract string Stream { get; }

    /// <summary>How many messages of one deployment are taken in at once, where they have gathered.</summary>
    protected abstract int Together { get; }

    /// <returns>For each message whether it is to be believed; others are dropped.</returns>
    protected abstract Task<IReadOnlyList<bool>> TakeAsync(DeploymentId deployment, IReadOnlyList<byte[]> messages, CancellationToken ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var system = TeamScope.EnterSystem();
        var lanes = new Lanes<INatsJSMsg<byte[]>>(Together, (deployment, messages) => HandleAsync(deployment, messages, stoppingToken));
        while (!stoppingToken.IsCancellationRequested)
        {
            using var parted = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            void Again() => CancelQuietly(parted);
            link.Back += Again;
            try
            {
                var consumer = await StreamPlan.RenewIntakeAsync(link, Stream, parted.Token);
                await foreach (var message in consumer.ConsumeAsync<byte[]>(opts: new NatsJSConsumeOpts { MaxMsgs = 200 }, cancellationToken: parted.Token)) Queue(lanes, message);
            }
            catch (OperationCanceledException) when (parted.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
            {
                log.IntakeBegun(Stream);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.IntakeFailed(e, Stream);
                await Task.WhenAny(Task.Delay(Pause, time, stoppingToken));
            }
            catch (OperationCanceledException)
            {
                break;
            }
            finally
            {
                link.Back -= Again;
            }
        }

        await lanes.WhenDoneAsync();
    }

    /// <summary>The link may tell while this round is being left.</summary>
    private static void CancelQuietly(CancellationTokenSource round)
    {
        try
        {
            round.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Left already.
        }
    }

    private void Queue(Lanes<INatsJSMsg<byte[]>> lanes, INatsJSMsg<byte[]> message)
    {
        var name = message.Subject[(message.Subject.LastIndexOf('.') + 1)..];
        if (StrongId.TryParse<DeploymentId>(name, out var deployment)) lanes.Add(deployment, message);
        else _ = DropAsync(message);
    }

    private async Task HandleAsync(DeploymentId deployment, IReadOnlyList<INatsJSMsg<byte[]>> messages, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var believed = await TakeAsync(deployment, [.. messages.Select(m => m.Data ?? [])], ct);
                foreach (var (message, isBelieved) in messages.Zip(believed))
                {
                    if (isBelieved) await message.AckAsync(cancellationToken: ct);
                    else await DropAsync(message);
                }

                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.NotTakenIn(e, messages[0].Subject);
                await Task.WhenAny(Task.Delay(Pause, time, ct));
                // Still in hand: else they would come a second time while the first is tried again.
                foreach (var message in messages) await Quietly(message.AckProgressAsync(cancellationToken: ct));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task DropAsync(INatsJSMsg<byte[]> message)
    {
        log.Unreadable(message.Subject);
        await Quietly(message.AckTerminateAsync());
    }

    private static async Task Quietly(ValueTask said)
    {
        try
        {
            await said;
        }
        catch (Exception e) when (e is NATS.Client.Core.NatsException or OperationCanceledException)
        {
            // Not heard: then it comes again, and is known already.
        }
    }
}
