using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.KeyValueStore;

namespace Slipway.Nats;

/// <summary>
/// The streams, as the control plane makes them. What is there already must be the same in what correctness needs; what is only a
/// size is changed.
/// </summary>
internal static class StreamPlan
{
    /// <summary>The one consumer that all workers pull from.</summary>
    public const string Workers = "workers";

    /// <summary>The control plane's own, of logs and of results.</summary>
    public const string Intake = "intake";

    private const int Conflict = 10058;
    private const int NotFound = 10059;

    public static async Task MakeAsync(NatsLink link, NatsOptions options, TimeSpan lease, CancellationToken ct)
    {
        var names = link.Subjects;
        foreach (var stream in new[] { Jobs(names), Logs(names, options), Results(names), Dead(names) })
        {
            stream.NumReplicas = options.Replicas;
            await StreamAsync(link.JetStream, stream, ct);
        }

        await link.KeyValues.CreateOrUpdateStoreAsync(new NatsKVConfig(names.Leases) { History = 1, MaxAge = TimeSpan.FromDays(1), NumberOfReplicas = options.Replicas }, ct);
        await ConsumerAsync(link.JetStream, names.JobStream, new ConsumerConfig(Workers) { AckWait = lease, MaxAckPending = 20_000 }, ct);
        foreach (var stream in new[] { names.LogStream, names.ResultStream }) await ConsumerAsync(link.JetStream, stream, IntakeOf(), ct);
    }

    /// <summary>
    /// The control plane's own consumer, made anew: what the one before had in hand and never acknowledged (it was killed, or the network
    /// parted) comes again at once and in its place, not after the ack wait and behind what came later.
    /// </summary>
    public static async Task<INatsJSConsumer> RenewIntakeAsync(NatsLink link, string stream, CancellationToken ct)
    {
        try
        {
            await Patience.WithinAsync(token => link.JetStream.DeleteConsumerAsync(stream, Intake, token), ct);
        }
        catch (NatsJSApiException e) when (e.Error.Code == 404)
        {
            // Made below.
        }

        return await Patience.WithinAsync(token => link.JetStream.CreateOrUpdateConsumerAsync(stream, Explicit(IntakeOf()), token), ct);
    }

    private static ConsumerConfig IntakeOf() => new(Intake) { AckWait = TimeSpan.FromSeconds(60), MaxAckPending = 1_000 };

    private static ConsumerConfig Explicit(ConsumerConfig wanted)
    {
        wanted.AckPolicy = ConsumerConfigAckPolicy.Explicit;
        wanted.DeliverPolicy = ConsumerConfigDeliverPolicy.All;
        wanted.MaxDeliver = -1;
        return wanted;
    }

    /// <summary>One message for each job, and a second is refused while the first is there, waiting or held.</summary>
    private static StreamConfig Jobs(Subjects names) => new(names.JobStream, [names.Jobs])
    {
        Retention = StreamConfigRetention.Workqueue,
        Discard = StreamConfigDiscard.New,
        MaxMsgsPerSubject = 1,
        DiscardNewPerSubject = true,
    };

    /// <summary>Gone once stored; a full stream refuses, so that builds wait and nothing is lost.</summary>
    private static StreamConfig Logs(Subjects names, NatsOptions options) => new(names.LogStream, [names.Logs])
    {
        Retention = StreamConfigRetention.Workqueue,
        Discard = StreamConfigDiscard.New,
        MaxBytes = options.MaxLogBytes,
    };

    private static StreamConfig Results(Subjects names) => new(names.ResultStream, [names.Results])
    {
        Retention = StreamConfigRetention.Workqueue,
        Discard = StreamConfigDiscard.New,
    };

    /// <summary>The newest of each job, until a person has looked.</summary>
    private static StreamConfig Dead(Subjects names) => new(names.DeadStream, [names.Dead])
    {
        Retention = StreamConfigRetention.Limits,
        Discard = StreamConfigDiscard.Old,
        MaxMsgsPerSubject = 1,
        MaxMsgs = 10_000,
    };

    private static async Task StreamAsync(NatsJSContext jetStream, StreamConfig wanted, CancellationToken ct)
    {
        StreamConfig there;
        try
        {
            there = (await jetStream.GetStreamAsync(wanted.Name ?? "", cancellationToken: ct)).Info.Config;
        }
        catch (NatsJSApiException e) when (e.Error.ErrCode == NotFound)
        {
            there = (await CreateAsync(jetStream, wanted, ct)).Info.Config;
        }

        if (Difference(there, wanted) is { } difference)
        {
            throw new NatsStartException($"the stream {wanted.Name} is there with other settings: {difference}; remove it when nothing needs it (nats stream rm {wanted.Name}), or set {NatsOptions.Section}:Prefix to another name");
        }

        if (there.MaxBytes == wanted.MaxBytes && there.NumReplicas == wanted.NumReplicas) return;
        (there.MaxBytes, there.NumReplicas) = (wanted.MaxBytes, wanted.NumReplicas);
        await jetStream.UpdateStreamAsync(there, ct);
    }

    private static async Task<INatsJSStream> CreateAsync(NatsJSContext jetStream, StreamConfig wanted, CancellationToken ct)
    {
        try
        {
            return await jetStream.CreateStreamAsync(wanted, ct);
        }
        catch (NatsJSApiException e) when (e.Error.ErrCode != Conflict)
        {
            throw new NatsStartException($"the stream {wanted.Name} cannot be made: {e.Error.Description}; check the server's jetstream limits and the permissions of {NatsOptions.Section}:Username", e);
        }
    }

    /// <summary>In what correctness needs; what an old server dropped in silence shows here too.</summary>
    private static string? Difference(StreamConfig there, StreamConfig wanted)
    {
        if (there.Retention != wanted.Retention) return $"retention is {there.Retention}, and {wanted.Retention} is needed";
        if (there.Discard != wanted.Discard) return $"discard is {there.Discard}, and {wanted.Discard} is needed";
        if (wanted.MaxMsgsPerSubject > 0 && there.MaxMsgsPerSubject != wanted.MaxMsgsPerSubject) return $"max_msgs_per_subject is {there.MaxMsgsPerSubject}, and {wanted.MaxMsgsPerSubject} is needed";
        if (there.DiscardNewPerSubject != wanted.DiscardNewPerSubject) return "discard_new_per_subject is not as needed";
        var (has, needs) = (there.Subjects ?? [], wanted.Subjects ?? []);
        return has.Order(StringComparer.Ordinal).SequenceEqual(needs.Order(StringComparer.Ordinal)) ? null : $"its subjects are {string.Join(", ", has)}, and {string.Join(", ", needs)} are needed";
    }

    private static async Task ConsumerAsync(NatsJSContext jetStream, string stream, ConsumerConfig wanted, CancellationToken ct)
    {
        Explicit(wanted);
        try
        {
            var there = (await jetStream.GetConsumerAsync(stream, wanted.Name ?? "", ct)).Info.Config;
            // A list of backoffs overrides ack_wait: a build longer than the first would be given out twice.
            if (there.AckPolicy != wanted.AckPolicy || there.Backoff is { Count: > 0 } || there.DeliverSubject is { Length: > 0 })
            {
                throw new NatsStartException($"the consumer {wanted.Name} of the stream {stream} is there with other settings (ack policy, backoff or delivery); remove it: nats consumer rm {stream} {wanted.Name}");
            }
        }
        catch (NatsJSApiException e) when (e.Error.Code == 404)
        {
            // Made below.
        }

        await jetStream.CreateOrUpdateConsumerAsync(stream, wanted, ct);
    }
}
