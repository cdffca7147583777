using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;
using Slipway.Core;
using Slipway.Core.Queueing;

namespace Slipway.Nats.Queueing;

/// <summary>
/// Jobs as messages of a work queue, one for each job and none beside it. JetStream takes an acknowledgement of any delivery for the
/// last word, a late one too; so who holds a job stands in a bucket, and only who stands there ends it.
/// <code>
/// publish job ─▶ [stream: 1 per job] ─▶ pull ─▶ put holder ─▶ +WPI while it is built ─▶ delete holder at its revision ─▶ +ACK
///                      ▲                                                                └ refused: somebody else has it
///                      └── ack wait ran out, or -NAK with a delay: delivered again, attempt + 1
/// </code>
/// </summary>
internal sealed class NatsWorkQueue(NatsLink link, TimeProvider time, ILogger<NatsWorkQueue> log) : IWorkQueue
{
    private const int SubjectIsFull = 10077;
    private static readonly NatsJSNextOpts Pull = new() { Expires = TimeSpan.FromSeconds(30), IdleHeartbeat = TimeSpan.FromSeconds(5) };

    private readonly ConcurrentDictionary<string, Held> _held = new();
    private INatsJSConsumer? _consumer;
    private INatsKVStore? _holders;

    public async Task<bool> EnqueueAsync(Job job, CancellationToken ct)
    {
        // The same message sent twice by the client counts once; the same job later is another message.
        var options = new NatsJSPubOpts { MsgId = $"{job.Id}:{Guid.NewGuid():N}", RetryAttempts = 3 };
        var message = JsonSerializer.SerializeToUtf8Bytes(new JobMessage(job.Deployment), NatsJson.Default.JobMessage);
        var stored = await Patience.WithinAsync(token => link.JetStream.PublishAsync(link.Subjects.Job(job.Id), message, opts: options, cancellationToken: token), ct);
        if (stored.Error is { ErrCode: SubjectIsFull }) return false;
        stored.EnsureStored();
        return true;
    }

    public async Task<Lease> LeaseAsync(string worker, TimeSpan duration, CancellationToken ct)
    {
        _consumer ??= await Patience.WithinAsync(token => link.JetStream.GetConsumerAsync(link.Subjects.JobStream, StreamPlan.Workers, token), ct);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            if (await _consumer.NextAsync<byte[]>(opts: Pull, cancellationToken: ct) is not { } message) continue;
            if (await TakeAsync(message, worker, duration) is { } lease) return lease;
        }
    }

    public async Task<bool> HeartbeatAsync(Lease lease, TimeSpan duration, CancellationToken ct)
    {
        if (!_held.TryGetValue(lease.Token, out var held) || time.GetUtcNow() >= held.Expires || await HolderAsync(lease, ct) is null)
        {
            _held.TryRemove(lease.Token, out _);
            return false;
        }

        await held.Message.AckProgressAsync(cancellationToken: ct);
        held.Expires = time.GetUtcNow() + duration;
        return true;
    }

    public async Task<bool> CompleteAsync(Lease lease, CancellationToken ct)
    {
        if (await LetGoAsync(lease, ct) is not { } message) return false;
        await Patience.WithinAsync(token => message.AckAsync(new AckOpts { DoubleAck = true }, token), ct);
        return true;
    }

    public async Task<bool> ReturnAsync(Lease lease, TimeSpan delay, CancellationToken ct)
    {
        if (await LetGoAsync(lease, ct) is not { } message) return false;
        await message.NakAsync(delay: delay, cancellationToken: ct);
        return true;
    }

    public async Task<bool> BuryAsync(Lease lease, string reason, CancellationToken ct)
    {
        if (await HolderAsync(lease, ct) is null) return false;
        await KeepAsync(new DeadLetter(0, lease.Job, lease.Attempt, reason, time.GetUtcNow()), ct);
        return await CompleteAsync(lease, ct);
    }

    /// <summary>Puts it among the dead letters, whatever its number was elsewhere.</summary>
    public Task KeepAsync(DeadLetter letter, CancellationToken ct) => KeepAsync(letter.Job?.Id ?? $"unreadable-{letter.Sequence}", letter, ct);

    private async Task KeepAsync(string id, DeadLetter kept, CancellationToken ct)
    {
        var letter = new DeadLetterMessage(kept.Job?.Deployment, kept.Attempts, StorableText.Of(kept.Reason), kept.At);
        var options = new NatsJSPubOpts { MsgId = $"{id}:{Guid.NewGuid():N}", RetryAttempts = 3 };
        (await Patience.WithinAsync(token => link.JetStream.PublishAsync(link.Subjects.DeadLetter(id), JsonSerializer.SerializeToUtf8Bytes(letter, NatsJson.Default.DeadLetterMessage), opts: options, cancellationToken: token), ct)).EnsureStored();
    }

    /// <summary>Null when the message is no job: it is put aside.</summary>
    private async Task<Lease?> TakeAsync(INatsJSMsg<byte[]> message, string worker, TimeSpan duration)
    {
        var attempt = (int)(message.Metadata?.NumDelivered ?? 1);
        if (Read(message.Data) is not { } job)
        {
            log.NotAJob(message.Subject);
            await KeepAsync(new DeadLetter((long)(message.Metadata?.Sequence.Stream ?? 0), null, attempt, $"a message on {message.Subject} is no job", time.GetUtcNow()), CancellationToken.None);
            await message.AckTerminateAsync();
            return null;
        }

        var holders = await HoldersAsync(CancellationToken.None);
        var token = $"{worker}/{Guid.NewGuid():N}";
        // By the message, not by the job: a second message for the same job takes nothing away from the first.
        var key = $"{job.Id}.{message.Metadata?.Sequence.Stream}";
        await Patience.WithinAsync(limit => holders.PutAsync(key, token, cancellationToken: limit), CancellationToken.None);
        var expires = time.GetUtcNow() + duration;
        _held[token] = new Held(message, key) { Expires = expires };
        return new Lease(job, attempt, token, expires);
    }

    /// <summary>The message, if the job was ours until now and is not any more; null when it was not.</summary>
    private async Task<INatsJSMsg<byte[]>?> LetGoAsync(Lease lease, CancellationToken ct)
    {
        var holder = await HolderAsync(lease, ct);
        if (!_held.TryRemove(lease.Token, out var held) || holder is not { } revision) return null;
        try
        {
            var holders = await HoldersAsync(ct);
            await Patience.WithinAsync(token => holders.DeleteAsync(held.Key, new NatsKVDeleteOpts { Revision = revision }, token), ct);
            return held.Message;
        }
        catch (NatsKVWrongLastRevisionException)
        {
            return null;
        }
    }

    /// <summary>The revision at which the lease stands in the bucket; null when it does not.</summary>
    private async Task<ulong?> HolderAsync(Lease lease, CancellationToken ct)
    {
        if (!_held.TryGetValue(lease.Token, out var held)) return null;
        try
        {
            var holders = await HoldersAsync(ct);
            var entry = await Patience.WithinAsync(token => holders.GetEntryAsync<string>(held.Key, cancellationToken: token), ct);
            return entry.Value == lease.Token ? entry.Revision : null;
        }
        catch (Exception e) when (e is NatsKVKeyNotFoundException or NatsKVKeyDeletedException)
        {
            return null;
        }
    }

    private async Task<INatsKVStore> HoldersAsync(CancellationToken ct) => _holders ??= await Patience.WithinAsync(token => link.KeyValues.GetStoreAsync(link.Subjects.Leases, token), ct);

    private static Job? Read(byte[]? data)
    {
        try
        {
            return JsonSerializer.Deserialize(data ?? [], NatsJson.Default.JobMessage) is { } message && message.Deployment != default ? new Job(message.Deployment) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed class Held(INatsJSMsg<byte[]> message, string key)
    {
        public INatsJSMsg<byte[]> Message => message;

        /// <summary>In the bucket of holders.</summary>
        public string Key => key;

        public DateTimeOffset Expires { get; set; }
    }
}
