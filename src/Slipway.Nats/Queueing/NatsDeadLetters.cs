using System.Text.Json;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Slipway.Core.Deployments;
using Slipway.Core.Queueing;
using Slipway.Core.Tenancy;

namespace Slipway.Nats.Queueing;

/// <summary>The dead letters' stream; whose they are is asked of the store. Only the control plane reads it.</summary>
internal sealed class NatsDeadLetters(NatsLink link, IDeploymentStore deployments) : IDeadLetters
{
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(CancellationToken ct)
    {
        var stream = await link.JetStream.GetStreamAsync(link.Subjects.DeadStream, cancellationToken: ct);
        var letters = new List<DeadLetter>();
        if (stream.Info.State.Messages == 0) return letters;
        var reader = await link.JetStream.CreateOrderedConsumerAsync(link.Subjects.DeadStream, cancellationToken: ct);
        await foreach (var message in reader.FetchNoWaitAsync<byte[]>(new NatsJSFetchOpts { MaxMsgs = (int)Math.Min(stream.Info.State.Messages, 10_000) }, cancellationToken: ct))
        {
            if (Read(message.Metadata?.Sequence.Stream ?? 0, message.Data) is { } letter && await IsVisibleAsync(letter, ct)) letters.Add(letter);
        }

        letters.Reverse();
        return letters;
    }

    public async Task<bool> RemoveAsync(long sequence, CancellationToken ct)
    {
        if (sequence <= 0 || await FindAsync((ulong)sequence, ct) is not { } letter || !await IsVisibleAsync(letter, ct)) return false;
        try
        {
            return (await link.JetStream.DeleteMessageAsync(link.Subjects.DeadStream, new StreamMsgDeleteRequest { Seq = (ulong)sequence }, ct)).Success;
        }
        catch (NatsJSApiException e) when (e.IsNoMessage())
        {
            return false;
        }
    }

    private async Task<DeadLetter?> FindAsync(ulong sequence, CancellationToken ct)
    {
        try
        {
            var stream = await link.JetStream.GetStreamAsync(link.Subjects.DeadStream, cancellationToken: ct);
            var found = await stream.GetAsync(new StreamMsgGetRequest { Seq = sequence }, ct);
            return Read(sequence, found.Message.Data.ToArray());
        }
        catch (NatsJSApiException e) when (e.IsNoMessage())
        {
            return null;
        }
    }

    /// <summary>What belongs to no deployment is told to the installation's first team.</summary>
    private async Task<bool> IsVisibleAsync(DeadLetter letter, CancellationToken ct) => TeamScope.Current is { } scope
        && (scope.IsSystem || (letter.Job is { } job ? await deployments.FindAsync(job.Deployment, ct) is not null : scope.Sees(TeamScope.DefaultTeam)));

    private static DeadLetter? Read(ulong sequence, byte[]? data)
    {
        try
        {
            return JsonSerializer.Deserialize(data ?? [], NatsJson.Default.DeadLetterMessage) is { } letter
                ? new DeadLetter((long)sequence, letter.Deployment is { } id ? new Job(id) : null, letter.Attempts, letter.Reason, letter.At) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
