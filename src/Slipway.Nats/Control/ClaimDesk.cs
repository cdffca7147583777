using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Queueing;
using Slipway.Core.Tenancy;

namespace Slipway.Nats.Control;

/// <summary>Who this control plane is, for workers that start.</summary>
internal sealed record ControlPlane(string Version, string HomeId, TimeSpan LeaseDuration);

/// <summary>
/// Answers workers: who we are, whether a deployment is theirs to build and with what, whether one is still wanted. Another copy of
/// the control plane shares the questions.
/// </summary>
internal sealed class ClaimDesk(
    NatsLink link, StoreClaims claims, IDeploymentStore deployments, IUploadLinks uploads, Tickets tickets, ControlPlane self, TimeProvider time, ILogger<ClaimDesk> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var system = TeamScope.EnterSystem();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Read with the token: the client's own loop can miss one that is cancelled just as it begins, and then never ends.
                await using var asks = await link.Connection.SubscribeCoreAsync<byte[]>(link.Subjects.Claims, queueGroup: "control", cancellationToken: stoppingToken);
                while (await asks.Msgs.WaitToReadAsync(stoppingToken))
                {
                    while (asks.Msgs.TryRead(out var ask)) _ = AnswerAsync(ask, stoppingToken);
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.AskFailed(e, link.Subjects.Claims);
                await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(NatsMsg<byte[]> ask, CancellationToken ct)
    {
        try
        {
            var data = ask.Data ?? [];
            var answer = ask.Subject[(ask.Subject.LastIndexOf('.') + 1)..] switch
            {
                "hello" => Bytes(new HelloAnswer(self.Version, self.HomeId, self.LeaseDuration), NatsJson.Default.HelloAnswer),
                "claim" when Read(data, NatsJson.Default.ClaimAsk) is { } claim => Bytes(new ClaimAnswer(await ClaimAsync(claim, ct)), NatsJson.Default.ClaimAnswer),
                "wanted" when Read(data, NatsJson.Default.WantedAsk) is { } wanted => Bytes(await WantedAsync(wanted, ct), NatsJson.Default.WantedAnswer),
                _ => null,
            };
            if (answer is null) log.Unreadable(ask.Subject);
            else await ask.ReplyAsync(answer, cancellationToken: ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // No answer: the worker asks again.
            log.AskFailed(e, ask.Subject);
        }
        catch (OperationCanceledException)
        {
            // Shutting down.
        }
    }

    private async Task<ClaimWire?> ClaimAsync(ClaimAsk ask, CancellationToken ct)
    {
        var lease = new Lease(new Job(ask.Deployment), ask.Delivery, ask.Lease, default);
        var build = await claims.ClaimAsync(lease, ask.Worker, ct) ?? (ask.IsRetry ? await AgainAsync(ask, ct) : null);
        if (build is not { Deployment: var d }) return null;
        return new ClaimWire(d, build.Project is { } p ? new ProjectWire(p.Id, p.Team, p.Name, p.Origin, p.CacheKey.Reveal(), p.RootDirectory, p.CreatedAt) : null,
            [.. build.Variables.Select(v => new VariableWire(v.Name, v.Value.Reveal(), v.Target, v.Phase, v.IsSecret))],
            tickets.For(d.Id, d.Attempt), d.Source.Upload is { } upload ? uploads.LinkTo(upload) : null);
    }

    /// <summary>It was given to this very worker before, and the answer was lost on its way.</summary>
    private async Task<ClaimedBuild?> AgainAsync(ClaimAsk ask, CancellationToken ct)
    {
        if (await deployments.FindAsync(ask.Deployment, ct) is not { State: DeploymentState.Building } d) return null;
        var started = (await deployments.EventsAsync(d.Id, ct)).Select(e => e.Event).OfType<BuildStarted>().LastOrDefault();
        return started is { } s && s.Attempt == d.Attempt && s.Worker == ask.Worker ? await claims.EquipAsync(d, ct) : null;
    }

    private async Task<WantedAnswer> WantedAsync(WantedAsk ask, CancellationToken ct) => await deployments.FindAsync(ask.Deployment, ct) is { } d && !d.State.IsFinal()
        ? new WantedAnswer(d.Attempt == ask.Attempt, d.Attempt != ask.Attempt) : new WantedAnswer(false, false);

    private static byte[] Bytes<T>(T answer, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(answer, type);

    private static T? Read<T>(byte[] data, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(data, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
