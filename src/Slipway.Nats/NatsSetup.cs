using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Metrics;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Queueing;
using Slipway.Core.Tenancy;
using Slipway.Nats.Control;
using Slipway.Nats.Queueing;
using Slipway.Nats.Worker;

namespace Slipway.Nats;

/// <summary>What a worker is told by the control plane when it starts.</summary>
public sealed record ControlPlaneFacts(string Version, string HomeId, TimeSpan LeaseDuration);

public static class NatsSetup
{
    /// <summary>
    /// The control plane's side: the queue and its dead letters on JetStream instead of those registered so far, and the intake of what
    /// workers send. Await <see cref="NatsStart.ControlAsync"/> before anything runs.
    /// </summary>
    /// <param name="key">Signs what claims give out; the same after a restart.</param>
    public static IServiceCollection AddNatsControl(this IServiceCollection services, string version, string homeId, Secret key, TimeSpan lease, Action<NatsOptions> configure)
    {
        services.AddNatsLink(configure);
        services.AddSingleton(new ControlPlane(version, homeId, lease)).AddSingleton(new Tickets(key));
        var embedded = services.LastOrDefault(d => d.ServiceType == typeof(IDeadLetters))?.ImplementationFactory;
        foreach (var before in services.Where(d => d.ServiceType == typeof(IWorkQueue) || d.ServiceType == typeof(IDeadLetters)).ToList()) services.Remove(before);
        if (embedded is not null) services.AddKeyedSingleton<IDeadLetters>(NatsStart.Embedded, (s, _) => (IDeadLetters)embedded(s));
        services.AddSingleton<IWorkQueue, NatsWorkQueue>().AddSingleton<IDeadLetters, NatsDeadLetters>();
        return services.AddHostedService<ClaimDesk>().AddHostedService<LogIntake>().AddHostedService<ResultIntake>().AddHostedService<CancelBroadcast>().AddHostedService<LostBuilds>();
    }

    /// <summary>A worker's side: everything that it would else have the store for. Await <see cref="NatsStart.WorkerAsync"/> first.</summary>
    /// <param name="uploadsDirectory">Where the fetcher looks for uploads.</param>
    public static IServiceCollection AddNatsWorker(this IServiceCollection services, string uploadsDirectory)
    {
        services.AddSingleton<HeldClaims>().AddSingleton<Sender>();
        services.AddSingleton<IWorkQueue, NatsWorkQueue>().AddSingleton<IBuildClaims, NatsClaims>().AddSingleton<IBuildLogSink, NatsLogSink>();
        var fetcher = services.Last(d => d.ServiceType == typeof(ISourceFetcher));
        services.Remove(fetcher);
        return services.AddSingleton<ISourceFetcher>(s => new UploadDownload(
            (ISourceFetcher)ActivatorUtilities.CreateInstance(s, fetcher.ImplementationType ?? throw new InvalidOperationException("the fetcher is registered by its type")), s.GetRequiredService<HeldClaims>(), uploadsDirectory, s.GetRequiredService<TimeProvider>()));
    }

    public static IServiceCollection AddNatsLink(this IServiceCollection services, Action<NatsOptions> configure)
    {
        services.AddOptions<NatsOptions>().Configure(configure);
        return services.AddSingleton<NatsLink>().AddSingleton(s => new NatsStart(s.GetRequiredService<NatsLink>(), s));
    }
}

/// <summary>What must be right before anything takes work.</summary>
public sealed class NatsStart
{
    internal const string Embedded = "embedded";

    private readonly NatsLink _link;
    private readonly IServiceProvider _services;

    internal NatsStart(NatsLink link, IServiceProvider services) => (_link, _services) = (link, services);

    /// <summary>Null while the server is there, else what to tell people.</summary>
    public string? Fault => _link.Fault;

    public string Url => _services.GetRequiredService<IOptions<NatsOptions>>().Value.Url;

    /// <summary>Messages that nobody has taken in yet, by stream.</summary>
    public async Task<IReadOnlyList<Reading>> LagAsync(CancellationToken ct)
    {
        var names = _link.Subjects;
        var lag = new List<Reading>();
        foreach (var (name, stream, consumer) in new[] { ("jobs", names.JobStream, StreamPlan.Workers), ("logs", names.LogStream, StreamPlan.Intake), ("results", names.ResultStream, StreamPlan.Intake) })
        {
            var info = (await _link.JetStream.GetConsumerAsync(stream, consumer, ct)).Info;
            lag.Add(Reading.Of((double)info.NumPending, "stream", name));
        }

        return lag;
    }

    /// <summary>Connects, and makes the streams or finds them as they must be.</summary>
    /// <exception cref="NatsStartException">Says what is wrong.</exception>
    public async Task ControlAsync(CancellationToken ct)
    {
        await _link.OpenAsync(ct);
        await StreamPlan.MakeAsync(_link, _services.GetRequiredService<IOptions<NatsOptions>>().Value, _services.GetRequiredService<ControlPlane>().LeaseDuration, ct);
        await TakeOverAsync(ct);
    }

    /// <summary>What the embedded queue gave up before there was a NATS server is shown from there on. Jobs that wait need no move: the sweep rings for them.</summary>
    private async Task TakeOverAsync(CancellationToken ct)
    {
        if (_services.GetKeyedService<IDeadLetters>(Embedded) is not { } before || _services.GetRequiredService<IWorkQueue>() is not NatsWorkQueue queue) return;
        using var system = TeamScope.EnterSystem();
        var letters = await before.ListAsync(ct);
        foreach (var letter in letters.Reverse())
        {
            await queue.KeepAsync(letter, ct);
            await before.RemoveAsync(letter.Sequence, ct);
        }

        if (letters.Count > 0) _services.GetRequiredService<ILogger<NatsStart>>().LettersMoved(letters.Count);
    }

    /// <summary>Connects, and waits for the control plane to say who it is.</summary>
    /// <exception cref="NatsStartException">Says what is wrong.</exception>
    public async Task<ControlPlaneFacts> WorkerAsync(string worker, string version, CancellationToken ct)
    {
        await _link.OpenAsync(ct);
        var answer = await NatsClaims.HelloAsync(_link, new HelloAsk(worker, version), TimeProvider.System, _services.GetRequiredService<ILogger<NatsStart>>(), ct);
        if (answer.Version != version) throw new NatsStartException($"the control plane is version {answer.Version}, and this worker is {version}: they must be the same");
        return new ControlPlaneFacts(answer.Version, answer.HomeId, answer.LeaseDuration);
    }
}
