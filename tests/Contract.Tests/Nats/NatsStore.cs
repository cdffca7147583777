using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Nats;
using Slipway.Nats.Queueing;
using Slipway.Testing.Contracts;
using Slipway.Testing.InMemory;
using Slipway.Testing.Nats;

[assembly: AssemblyFixture(typeof(SharedNats))]

namespace Contract.Tests.Nats;

/// <summary>The queue of a real nats-server beside a store in memory.</summary>
internal static class NatsStore
{
    public static async Task<StoreParts> StartAsync(TimeProvider time, TimeSpan lease, NatsServer? server = null)
    {
        var store = new InMemoryStore(time);
        var options = Options(server ?? await SharedNats.ServerAsync());
        var link = await OpenAsync(options);
        await StreamPlan.MakeAsync(link, options, lease, CancellationToken.None);
        return new StoreParts(store.Projects, store.Deployments, Queue(link), new NatsDeadLetters(link, store.Deployments), store.Log, store.Access, store.Webhooks, store.Domains, store.Audit, link.DisposeAsync);
    }

    public static NatsOptions Options(NatsServer server) => new() { Url = server.Url, Prefix = $"t{RandomNumberGenerator.GetHexString(10, lowercase: true)}" };

    public static async Task<NatsLink> OpenAsync(NatsOptions options)
    {
        var link = new NatsLink(Microsoft.Extensions.Options.Options.Create(options), NullLoggerFactory.Instance);
        await link.OpenAsync(CancellationToken.None);
        return link;
    }

    public static NatsWorkQueue Queue(NatsLink link) => new(link, TimeProvider.System, NullLogger<NatsWorkQueue>.Instance);
}
