using NATS.Client.JetStream;
using Slipway.Core;
using Slipway.Core.Queueing;
using Slipway.Core.Tenancy;
using Slipway.Nats;
using Slipway.Nats.Queueing;
using Slipway.Testing.InMemory;
using Slipway.Testing.Nats;

namespace Contract.Tests.Nats;

/// <summary>TLS on both sides and the users of <c>deploy/nats/users.conf</c>: each role gets what it needs, and nothing beside it.</summary>
public sealed class NatsUsersTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private readonly InMemoryStore _store = new(TimeProvider.System);
    private NatsServer _server = null!;
    private NatsLink _control = null!;
    private NatsLink _worker = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await NatsServer.StartAsync(NatsAccess.Users);
        _control = await NatsStore.OpenAsync(OptionsOf(_server, "control"));
        await StreamPlan.MakeAsync(_control, OptionsOf(_server, "control"), Lease, Ct);
        _worker = await NatsStore.OpenAsync(OptionsOf(_server, "worker"));
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _control.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_worker_leases_holds_completes_and_buries()
    {
        var (inside, outside) = (NatsStore.Queue(_control), NatsStore.Queue(_worker));
        var (first, second) = (NewJob(), NewJob());
        foreach (var job in new[] { first, second }) Assert.True(await inside.EnqueueAsync(job, Ct));
        var lease = await outside.LeaseAsync("w", Lease, Ct);
        Assert.True(await outside.HeartbeatAsync(lease, Lease, Ct));
        Assert.True(await outside.CompleteAsync(lease, Ct));
        lease = await outside.LeaseAsync("w", Lease, Ct);
        Assert.True(await outside.BuryAsync(lease, "poison", Ct));

        using var system = TeamScope.EnterSystem();
        Assert.Equal(second, Assert.Single(await new NatsDeadLetters(_control, _store.Deployments).ListAsync(Ct)).Job);
    }

    [Fact]
    public async Task A_worker_reads_no_dead_letters_and_changes_no_stream()
    {
        var js = new NatsJSContext(_server.Client("worker"));
        await Assert.ThrowsAnyAsync<Exception>(async () => await js.GetStreamAsync("slipway-dead", cancellationToken: Ct));
        await Assert.ThrowsAnyAsync<Exception>(async () => await (await js.CreateOrderedConsumerAsync("slipway-dead", cancellationToken: Ct)).NextAsync<byte[]>(opts: new NatsJSNextOpts { Expires = TimeSpan.FromSeconds(1) }, cancellationToken: new CancellationTokenSource(TimeSpan.FromSeconds(3)).Token));
        await Assert.ThrowsAnyAsync<Exception>(async () => await js.PurgeStreamAsync("slipway-jobs", new(), Ct));
        await Assert.ThrowsAnyAsync<Exception>(async () => (await js.PublishAsync("slipway.jobs.x", "{}"u8.ToArray(), cancellationToken: Ct)).EnsureSuccess());
        var stream = await _control.JetStream.GetStreamAsync("slipway-jobs", cancellationToken: Ct);
        Assert.Equal(0, (long)stream.Info.State.Messages);
        await js.Connection.DisposeAsync();
    }

    internal static NatsOptions OptionsOf(NatsServer server, string user) => new()
    {
        Url = server.Url,
        Username = user,
        PasswordFile = server.PasswordFile(user),
        AuthorityFile = server.Authority.RootFile,
        CertificateFile = server.Authority.ClientFile,
        KeyFile = server.Authority.ClientKeyFile,
    };

    private static Job NewJob() => new(StrongId.New<DeploymentId>(TimeProvider.System));
}
