using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using NATS.Client.JetStream;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Queueing;
using Slipway.Core.Tenancy;
using Slipway.Nats;
using Slipway.Nats.Control;
using Slipway.Nats.Worker;
using Slipway.Testing;
using Slipway.Testing.Hosting;
using Slipway.Testing.InMemory;
using Slipway.Testing.Nats;

namespace Contract.Tests.Nats;

/// <summary>The worker's line to the control plane over a real nats-server: at least once on the way, used once at its end.</summary>
public sealed class NatsLineTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);

    private readonly InMemoryStore _store = new(TimeProvider.System);
    private readonly HeldClaims _held = new();
    private readonly IDisposable _system = TeamScope.EnterSystem();
    private NatsLink _link = null!;
    private NatsLink _workers = null!;
    private CutLine _wire = null!;
    private NatsClaims _claims = null!;
    private NatsLogSink _sink = null!;
    private ControlSide? _control;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var server = await SharedNats.ServerAsync();
        var options = NatsStore.Options(server);
        options.MaxLogBytes = 64 * 1024;
        _link = await NatsStore.OpenAsync(options);
        await StreamPlan.MakeAsync(_link, options, LeaseTime, Ct);
        // The worker is on a wire of its own.
        _wire = new CutLine(server.Port);
        _workers = await NatsStore.OpenAsync(new NatsOptions { Url = $"nats://127.0.0.1:{_wire.Port}", Prefix = options.Prefix });
        var sender = new Sender(_workers, TimeProvider.System, NullLogger<Sender>.Instance);
        _claims = new NatsClaims(_workers, sender, _held, TimeProvider.System, NullLogger<NatsClaims>.Instance);
        _sink = new NatsLogSink(_workers, sender, _held);
        _control = await ControlSide.StartAsync(_link, _store);
    }

    public async ValueTask DisposeAsync()
    {
        if (_control is not null) await _control.DisposeAsync();
        await _workers.DisposeAsync();
        await _wire.DisposeAsync();
        await _link.DisposeAsync();
        _system.Dispose();
    }

    [Fact]
    public async Task A_claim_brings_what_the_build_needs_and_no_more()
    {
        var d = await AddAsync();
        var build = await ClaimAsync(d, 1);
        Assert.NotNull(build);
        Assert.Equal((d.Id, 1, DeploymentState.Building), (build.Deployment.Id, build.Deployment.Attempt, build.Deployment.State));
        Assert.Equal(d.ProjectName, build.Project?.Name);
        Assert.Null(build.Project?.WebhookSecret);
    }

    [Fact]
    public async Task One_delivery_to_two_workers_is_one_build()
    {
        var d = await AddAsync();
        var both = await Task.WhenAll(ClaimAsync(d, 1, "one"), ClaimAsync(d, 1, "other"));
        Assert.Single(both, b => b is not null);
        Assert.Null(await ClaimAsync(d, 1, "third"));
    }

    [Fact]
    public async Task Lines_and_results_sent_twice_and_out_of_order_count_once()
    {
        var d = await AddAsync();
        var build = await ClaimAsync(d, 1) ?? throw new InvalidOperationException("not claimed");
        for (var batch = 0; batch < 5; batch++) await _sink.AppendAsync(d.Id, 1, batch, Lines(batch), Ct);
        var ticket = _held.TicketOf(d.Id, 1);
        // Past the server's own memory of message ids: under other ids, and in any order.
        foreach (var batch in new[] { 3, 0, 4, 0 }) await RawAsync(_link.Subjects.Log(d.Id), JsonSerializer.SerializeToUtf8Bytes(LogMessage.Of(1, batch, ticket, Lines(batch)), NatsJson.Default.LogMessage));
        var failed = new DeploymentFailed(1, new Failure("build.step_failed", "it failed"), new StageTimings());
        await _claims.ReportAsync(build, failed, Ct);
        for (var i = 0; i < 2; i++) await RawAsync(_link.Subjects.Result(d.Id), JsonSerializer.SerializeToUtf8Bytes(new ResultMessage(1, ticket, failed), NatsJson.Default.ResultMessage));
        await _claims.CloseAsync(build, Ct);

        var seen = new List<string>();
        using var limit = new CancellationTokenSource(Patience);
        await foreach (var line in _store.Log.FollowAsync(d.Id, 0, limit.Token)) seen.Add(line.Text);
        Assert.Equal(Enumerable.Range(0, 5).SelectMany(b => Lines(b)).Select(l => l.Text), seen);
        Assert.Single(await _store.Deployments.EventsAsync(d.Id, Ct), e => e.Event is DeploymentFailed);
        Assert.Equal(DeploymentState.Error, (await _store.Deployments.FindAsync(d.Id, Ct))?.State);
    }

    [Fact]
    public async Task What_is_sent_while_the_control_plane_is_down_is_there_when_it_is_back()
    {
        var d = await AddAsync();
        var build = await ClaimAsync(d, 1) ?? throw new InvalidOperationException("not claimed");
        await (_control ?? throw new InvalidOperationException("not begun")).DisposeAsync();
        for (var batch = 0; batch < 3; batch++) await _sink.AppendAsync(d.Id, 1, batch, Lines(batch), Ct);
        await _claims.ReportAsync(build, new BuildInterrupted(1, "the worker stopped"), Ct);
        _control = await ControlSide.StartAsync(_link, _store);
        await UntilAsync(d, DeploymentState.Queued);
        Assert.Equal(6, (await _store.Log.ReadAsync(d.Id, 0, 100, Ct)).Count);
    }

    [Fact]
    public async Task A_parted_network_loses_no_line_and_doubles_none()
    {
        var d = await AddAsync();
        var build = await ClaimAsync(d, 1) ?? throw new InvalidOperationException("not claimed");
        await _sink.AppendAsync(d.Id, 1, 0, Lines(0), Ct);
        // Lines arrive, their acknowledgements do not: the worker cannot know, and sends them again.
        _wire.CutAnswers();
        var second = _sink.AppendAsync(d.Id, 1, 1, Lines(1), Ct);
        await Looking.UntilAsync(async () => (await _store.Log.ReadAsync(d.Id, 0, 100, Ct)).Count == 4 ? "there" : null, Patience, "the lines whose acknowledgement is cut off");
        // Then nothing passes at all.
        _wire.Cut();
        var third = _sink.AppendAsync(d.Id, 1, 2, Lines(2), Ct);
        Assert.False(second.IsCompleted || third.IsCompleted);
        _wire.Heal();
        await Task.WhenAll(second, third).WaitAsync(TimeSpan.FromSeconds(40), Ct);
        await _claims.ReportAsync(build, new BuildInterrupted(1, "done"), Ct);
        await UntilAsync(d, DeploymentState.Queued);
        Assert.Equal(Enumerable.Range(0, 3).SelectMany(b => Lines(b)).Select(l => l.Text), (await _store.Log.ReadAsync(d.Id, 0, 100, Ct)).Select(l => l.Text));
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_is_asked_again_and_given_again()
    {
        var d = await AddAsync();
        _wire.CutAnswers();
        var claim = ClaimAsync(d, 1);
        // Given, and the worker does not know.
        await UntilAsync(d, DeploymentState.Building);
        Assert.False(claim.IsCompleted);
        _wire.Heal();
        var build = await claim.WaitAsync(Patience, Ct) ?? throw new InvalidOperationException("the same worker was refused its own build");
        Assert.Equal(1, build.Deployment.Attempt);
        // And nobody else gets it for that.
        Assert.Null(await ClaimAsync(d, 1, "other"));
    }

    [Fact]
    public async Task A_full_log_stream_makes_the_worker_wait_and_loses_nothing()
    {
        var d = await AddAsync();
        await ClaimAsync(d, 1);
        await (_control ?? throw new InvalidOperationException("not begun")).DisposeAsync();
        const int batches = 40;
        // Nothing that packing would make small.
        var noise = new Random(1);
        List<BuildLogLine> Wide(int batch) => [new(0, DateTimeOffset.UnixEpoch, BuildLogStream.Out, "build 1/1", $"{batch} {noise.GetHexString(4000)}")];
        var sending = Task.Run(async () => { for (var batch = 0; batch < batches; batch++) await _sink.AppendAsync(d.Id, 1, batch, Wide(batch), Ct); }, Ct);
        await Looking.UntilAsync(async () => (await _link.JetStream.GetStreamAsync(_link.Subjects.LogStream, cancellationToken: Ct)).Info.State.Bytes > 50_000 ? "full" : null, Patience, "the stream is full");
        Assert.False(sending.IsCompleted);
        _control = await ControlSide.StartAsync(_link, _store);
        await sending.WaitAsync(Patience, Ct);
        await Looking.UntilAsync(async () => (await _store.Log.ReadAsync(d.Id, 0, 100, Ct)).Count == batches ? "all" : null, Patience, "all lines are stored");
        Assert.Equal(Enumerable.Range(0, batches), (await _store.Log.ReadAsync(d.Id, 0, 100, Ct)).Select(l => int.Parse(l.Text.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Without_the_ticket_of_its_claim_nothing_is_believed()
    {
        var (d, other) = (await AddAsync(), await AddAsync());
        var build = await ClaimAsync(d, 1) ?? throw new InvalidOperationException("not claimed");
        await ClaimAsync(other, 1, "other");
        var stolen = _held.TicketOf(d.Id, 1);
        await RawAsync(_link.Subjects.Result(other.Id), JsonSerializer.SerializeToUtf8Bytes(new ResultMessage(1, stolen, new DeploymentFailed(1, new Failure("x", "x"), new StageTimings())), NatsJson.Default.ResultMessage));
        await RawAsync(_link.Subjects.Log(other.Id), JsonSerializer.SerializeToUtf8Bytes(LogMessage.Of(1, 0, stolen, Lines(0)), NatsJson.Default.LogMessage));
        // With the right one, but what a worker may not tell.
        await RawAsync(_link.Subjects.Result(d.Id), JsonSerializer.SerializeToUtf8Bytes(new ResultMessage(1, stolen, new WentLive(1, new StageTimings())), NatsJson.Default.ResultMessage));
        await RawAsync(_link.Subjects.Result(d.Id), "no json"u8.ToArray());
        await RawAsync($"{_link.Subjects.Result("nobody")}", "{}"u8.ToArray());
        await _claims.ReportAsync(build, new BuildInterrupted(1, "done"), Ct);
        await UntilAsync(d, DeploymentState.Queued);
        Assert.Equal(DeploymentState.Building, (await _store.Deployments.FindAsync(other.Id, Ct))?.State);
        Assert.Empty(await _store.Log.ReadAsync(other.Id, 0, 10, Ct));
    }

    [Fact]
    public async Task A_cancel_reaches_the_worker()
    {
        var d = await AddAsync();
        var build = await ClaimAsync(d, 1) ?? throw new InvalidOperationException("not claimed");
        var unwanted = _claims.UntilUnwantedAsync(build, Ct);
        await _store.Deployments.ApplyAsync(d.Id, new CancelRequested("test"), Ct);
        Assert.False(await unwanted.WaitAsync(Patience, Ct));
    }

    [Fact]
    public async Task A_build_that_another_worker_took_up_is_told_so()
    {
        var d = await AddAsync();
        var build = await ClaimAsync(d, 1) ?? throw new InvalidOperationException("not claimed");
        var unwanted = _claims.UntilUnwantedAsync(build, Ct);
        Assert.NotNull(await ClaimAsync(d, 2, "other"));
        Assert.True(await unwanted.WaitAsync(Patience, Ct));
    }

    [Fact]
    public async Task A_claim_waits_for_a_control_plane_that_is_away()
    {
        var d = await AddAsync();
        await (_control ?? throw new InvalidOperationException("not begun")).DisposeAsync();
        var claim = ClaimAsync(d, 1);
        await Task.WhenAny(claim, Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Ct));
        Assert.False(claim.IsCompleted);
        _control = await ControlSide.StartAsync(_link, _store);
        Assert.NotNull(await claim.WaitAsync(Patience, Ct));
    }

    [Fact]
    public async Task A_build_whose_job_is_gone_is_queued_again()
    {
        var d = await AddAsync();
        await ClaimAsync(d, 1);
        var lost = new LostBuilds(_link, _store.Deployments, TimeProvider.System, NullLogger<LostBuilds>.Instance);
        await lost.LookAsync(Ct);
        Assert.Equal(DeploymentState.Building, (await _store.Deployments.FindAsync(d.Id, Ct))?.State);
        await lost.LookAsync(Ct);
        Assert.Equal(DeploymentState.Queued, (await _store.Deployments.FindAsync(d.Id, Ct))?.State);
    }

    private static List<BuildLogLine> Lines(int batch) => [new(0, DateTimeOffset.UnixEpoch, BuildLogStream.Out, "build 1/1", $"line {batch}.1"), new(0, DateTimeOffset.UnixEpoch, BuildLogStream.Out, "build 1/1", $"line {batch}.2")];

    private Task<ClaimedBuild?> ClaimAsync(Deployment d, int delivery, string worker = "w") => _claims.ClaimAsync(new Lease(new Job(d.Id), delivery, "t", default), worker, Ct);

    private async Task<Deployment> AddAsync()
    {
        var project = (await _store.Projects.CreateAsync(StoreSamples.Project(TimeProvider.System), Ct)).Value;
        return (await _store.Deployments.CreateAsync(StoreSamples.Deployment(TimeProvider.System, project), Ct)).Value;
    }

    private async Task RawAsync(string subject, byte[] data) => (await new NatsJSContext(_link.Connection).PublishAsync(subject, data, cancellationToken: Ct)).EnsureSuccess();

    private Task UntilAsync(Deployment d, DeploymentState state) => Looking.UntilAsync(async () => (await _store.Deployments.FindAsync(d.Id, Ct))?.State == state ? "so" : null, Patience, $"{d.Id} is {state}");

    /// <summary>What a control plane runs beside its store.</summary>
    private sealed class ControlSide : IAsyncDisposable
    {
        private readonly List<Microsoft.Extensions.Hosting.BackgroundService> _parts = [];

        public static async Task<ControlSide> StartAsync(NatsLink link, InMemoryStore store)
        {
            var claims = new StoreClaims(store.Deployments, store.Projects, store.Log);
            var tickets = new Tickets(new Secret("of the test"));
            var side = new ControlSide();
            side._parts.Add(new ClaimDesk(link, claims, store.Deployments, new NoUploads(), tickets, new ControlPlane("1", "00000000", LeaseTime), TimeProvider.System, NullLogger<ClaimDesk>.Instance));
            side._parts.Add(new LogIntake(link, store.Log, tickets, TimeProvider.System, NullLogger<LogIntake>.Instance));
            side._parts.Add(new ResultIntake(link, store.Deployments, claims, tickets, TimeProvider.System, NullLogger<ResultIntake>.Instance));
            side._parts.Add(new CancelBroadcast(link, store.Deployments, NullLogger<CancelBroadcast>.Instance));
            foreach (var part in side._parts) await part.StartAsync(CancellationToken.None);
            return side;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var part in _parts)
            {
                await part.StopAsync(CancellationToken.None);
                part.Dispose();
            }
        }
    }

    private sealed class NoUploads : IUploadLinks
    {
        public string? LinkTo(UploadId upload) => null;
    }
}
