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
    private readonly Chains _chains = new();

    protected TimeProvider Time => time;

    protected abstract string Stream { get; }

    /// <summary>False: it is not to be believed, and dropped.</summary>
    protected abstract Task<bool> TakeAsync(DeploymentId deployment, byte[] data, CancellationToken ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var system = TeamScope.EnterSystem();
        while (!stoppingToken.IsCancellationRequested)
        {
            using var parted = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            void Again() => CancelQuietly(parted);
            link.Back += Again;
            try
            {
                var consumer = await StreamPlan.RenewIntakeAsync(link, Stream, parted.Token);
                await foreach (var message in consumer.ConsumeAsync<byte[]>(opts: new NatsJSConsumeOpts { MaxMsgs = 200 }, cancellationToken: parted.Token)) Queue(message, stoppingToken);
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

        await _chains.WhenDoneAsync();
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

    private void Queue(INatsJSMsg<byte[]> message, CancellationToken ct)
    {
        var name = message.Subject[(message.Subject.LastIndexOf('.') + 1)..];
        if (StrongId.TryParse<DeploymentId>(name, out var deployment)) _chains.Add(deployment, () => HandleAsync(message, deployment, ct));
        else _ = DropAsync(message);
    }

    private async Task HandleAsync(INatsJSMsg<byte[]> message, DeploymentId deployment, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (await TakeAsync(deployment, message.Data ?? [], ct)) await message.AckAsync(cancellationToken: ct);
                else await DropAsync(message);
                return;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                log.NotTakenIn(e, message.Subject);
                await Task.WhenAny(Task.Delay(Pause, time, ct));
                // Still in hand: else it would come a second time while the first is tried again.
                await Quietly(message.AckProgressAsync(cancellationToken: ct));
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
