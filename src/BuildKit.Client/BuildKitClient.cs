using BuildKit.Client.Progress;
using BuildKit.Client.Session;
using BuildKit.Client.Wire;
using Grpc.Core;
using Grpc.Net.Client;

namespace BuildKit.Client;

/// <summary>
/// BuildKit's gRPC API for .NET. Thread-safe; one instance for the process: builds share its connection, each has a session of
/// its own. Survives a restart of the daemon: the next call connects again.
/// </summary>
public sealed class BuildKitClient : IAsyncDisposable
{
    private static readonly TimeSpan StatusSilence = TimeSpan.FromSeconds(5);

    private readonly BuildKitEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly GrpcChannel _channel;
    private readonly Control.ControlClient _control;
    private readonly SessionHost _sessions = new();

    /// <summary>Connects at the first call, not here.</summary>
    public BuildKitClient(BuildKitEndpoint endpoint, TimeProvider? time = null)
    {
        (_endpoint, _time) = (endpoint, time ?? TimeProvider.System);
        _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                UseProxy = false,
                ConnectCallback = async (_, ct) => await endpoint.ConnectAsync(ct),
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
                PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            },
            MaxReceiveMessageSize = 64 << 20,
            DisposeHttpClient = true,
        });
        _control = new Control.ControlClient(_channel);
    }

    /// <summary>Builds with the Dockerfile frontend; where the image goes is <see cref="BuildOptions.Exporter"/>'s affair.</summary>
    /// <exception cref="BuildKitSolveException">The build failed.</exception>
    /// <exception cref="BuildKitConnectionException">The daemon cannot be reached, or went away.</exception>
    /// <exception cref="OperationCanceledException">The running step was stopped, within half a second as tried.</exception>
    public async Task<BuildResult> BuildAsync(BuildOptions options, IBuildProgress progress, CancellationToken ct)
    {
        var session = new BuildSession(Guid.NewGuid().ToString("N"), options.SharedKey,
            new Dictionary<string, IContextSource> { ["context"] = options.Context, ["dockerfile"] = options.Dockerfile }, options.Secrets, options.Registries);
        var stream = await _endpoint.ConnectSessionAsync(session.Headers, ct) ?? SessionTunnel.Open(_control, session.Headers);
        await using var connection = await _sessions.AttachAsync(stream, session, ct);

        var reducer = new ProgressReducer(progress);
        using var statusEnd = new CancellationTokenSource();
        var reference = Guid.NewGuid().ToString("N");
        var status = ReadStatusAsync(reference, reducer, statusEnd.Token);
        try
        {
            var response = await _control.SolveAsync(SolveRequests.From(options, reference, session.Id), cancellationToken: ct);
            await DrainAsync(status, statusEnd);
            var digest = response.ExporterResponse.TryGetValue("containerimage.digest", out var d) ? d : "";
            return new BuildResult(digest, response.ExporterResponse.ToDictionary());
        }
        catch (RpcException e)
        {
            await DrainAsync(status, statusEnd);
            throw Translate(e, reducer.Failed, ct);
        }
    }

    /// <summary>What the build cache holds.</summary>
    public async Task<IReadOnlyList<CacheRecord>> DiskUsageAsync(CancellationToken ct)
    {
        try
        {
            return [.. (await _control.DiskUsageAsync(new DiskUsageRequest(), cancellationToken: ct)).Record.Select(ToRecord)];
        }
        catch (RpcException e)
        {
            throw Translate(e, null, ct);
        }
    }

    /// <summary>Removes cache that nothing uses; <paramref name="filters"/> as in <c>id==X</c>, any of them. Returns what went.</summary>
    public async Task<IReadOnlyList<CacheRecord>> PruneAsync(IEnumerable<string> filters, TimeSpan keepFor, CancellationToken ct)
    {
        try
        {
            var request = new PruneRequest { KeepDuration = keepFor.Ticks * 100 };
            request.Filter.AddRange(filters);
            using var call = _control.Prune(request, cancellationToken: ct);
            var gone = new List<CacheRecord>();
            await foreach (var record in call.ResponseStream.ReadAllAsync(ct)) gone.Add(ToRecord(record));
            return gone;
        }
        catch (RpcException e)
        {
            throw Translate(e, null, ct);
        }
    }

    /// <summary>The daemon's workers, by id, with their labels. Serves as a ping, too.</summary>
    public async Task<IReadOnlyList<string>> ListWorkersAsync(CancellationToken ct)
    {
        try
        {
            return [.. (await _control.ListWorkersAsync(new ListWorkersRequest(), cancellationToken: ct)).Record.Select(r => r.Id)];
        }
        catch (RpcException e)
        {
            throw Translate(e, null, ct);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _sessions.DisposeAsync();
    }

    private async Task ReadStatusAsync(string reference, ProgressReducer reducer, CancellationToken ct)
    {
        try
        {
            using var call = _control.Status(new StatusRequest { Ref = reference }, cancellationToken: ct);
            await foreach (var status in call.ResponseStream.ReadAllAsync(ct)) reducer.Add(status);
        }
        catch (RpcException)
        {
            // Solve says what happened; the status of a build that never began only says "no such job".
        }

        reducer.Complete();
    }

    /// <summary>It normally ends by itself within milliseconds; after an early failure it may hang (facts/buildkit.md §6).</summary>
    private async Task DrainAsync(Task status, CancellationTokenSource end)
    {
        if (await Task.WhenAny(status, Task.Delay(StatusSilence, _time, end.Token)) != status) await end.CancelAsync();
        await status;
    }

    private Exception Translate(RpcException e, BuildStep? failed, CancellationToken ct)
    {
        if (ct.IsCancellationRequested) return new OperationCanceledException("the build was canceled", e, ct);
        var isTransport = e.StatusCode == StatusCode.Unavailable || e.Status.DebugException is HttpRequestException or IOException or BuildKitConnectionException;
        return isTransport
            ? new BuildKitConnectionException($"BuildKit at {_endpoint} does not answer: {e.Status.DebugException?.InnerException?.Message ?? e.Status.DebugException?.Message ?? e.Status.Detail}", e)
            : new BuildKitSolveException(e.Status.Detail, failed?.Name, e);
    }

    private static CacheRecord ToRecord(UsageRecord r) => new(r.Id, r.Size, r.InUse, r.Mutable, r.RecordType, r.Description, r.LastUsedAt?.ToDateTimeOffset());
}

/// <summary>One piece of build cache.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Type">regular, source.local, exec.cachemount, frontend, internal.</param>
public sealed record CacheRecord(string Id, long Size, bool InUse, bool IsMutable, string Type, string Description, DateTimeOffset? LastUsedAt);
