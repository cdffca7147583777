using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
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
    /// <summary>At most 32 KiB each, so 8 MiB.</summary>
    private const int QueuedEvents = 256;

    /// <summary>A peer that takes the connection and then says nothing.</summary>
    internal static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

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
                ConnectTimeout = ConnectTimeout,
                ConnectCallback = async (_, ct) => await endpoint.ConnectAsync(ct),
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
                PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            },
            MaxReceiveMessageSize = 64 << 20,
            DisposeHttpClient = true,
        });
        _control = new Control.ControlClient(_channel);
    }

    /// <summary>
    /// Builds with the Dockerfile frontend and tells what happens as it happens; <see cref="BuildCompleted"/> comes last. Where the
    /// image goes is <see cref="BuildOptions.Exporter"/>'s affair. A slow reader slows the telling, not the build, and costs no memory
    /// here. Leaving the loop early cancels the build.
    /// </summary>
    /// <exception cref="BuildKitSolveException">The build failed; all events before were given.</exception>
    /// <exception cref="BuildKitConnectionException">The daemon cannot be reached, or went away.</exception>
    /// <exception cref="OperationCanceledException">The running step was stopped, within half a second as tried on 20.10 and 28.5 (PROTOCOL.md §6).</exception>
    public async IAsyncEnumerable<BuildEvent> SolveAsync(BuildOptions options, [EnumeratorCancellation] CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var events = Channel.CreateBounded<BuildEvent>(new BoundedChannelOptions(QueuedEvents) { SingleReader = true, SingleWriter = true });
        var solve = new Solve(_endpoint, _control, _sessions, _time).RunAsync(options, events.Writer, stop.Token);
        try
        {
            await foreach (var happened in events.Reader.ReadAllAsync(CancellationToken.None)) yield return happened;
            yield return new BuildCompleted(await solve);
        }
        finally
        {
            if (!solve.IsCompleted) await stop.CancelAsync();
            await ((Task)solve).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The same for who wants the result: <paramref name="tell"/> gets each event, one at a time; null: none is wanted.</summary>
    /// <inheritdoc cref="SolveAsync" path="/exception"/>
    public async Task<BuildResult> BuildAsync(BuildOptions options, Action<BuildEvent>? tell, CancellationToken ct)
    {
        BuildResult? result = null;
        await foreach (var happened in SolveAsync(options, ct))
        {
            tell?.Invoke(happened);
            if (happened is BuildCompleted completed) result = completed.Result;
        }

        return result ?? throw new UnreachableException();
    }

    /// <summary>What the build cache holds; <paramref name="filters"/> as in <c>type==exec.cachemount</c>, any of them; none: all of it.</summary>
    /// <exception cref="BuildKitConnectionException">The daemon cannot be reached.</exception>
    public Task<IReadOnlyList<CacheRecord>> DiskUsageAsync(IEnumerable<string> filters, CancellationToken ct) => CallAsync<IReadOnlyList<CacheRecord>>(async () =>
    {
        var request = new DiskUsageRequest();
        request.Filter.AddRange(filters);
        var response = await _control.DiskUsageAsync(request, cancellationToken: ct);
        return [.. response.Record.Select(CacheRecord.From)];
    }, ct);

    /// <summary>All that the build cache holds.</summary>
    /// <exception cref="BuildKitConnectionException">The daemon cannot be reached.</exception>
    public Task<IReadOnlyList<CacheRecord>> DiskUsageAsync(CancellationToken ct) => DiskUsageAsync([], ct);

    /// <summary>Removes cache that nothing uses, and returns what went. An image's layers are in use as long as the engine has the image.</summary>
    /// <exception cref="BuildKitConnectionException">The daemon cannot be reached.</exception>
    public Task<IReadOnlyList<CacheRecord>> PruneAsync(PruneOptions options, CancellationToken ct) => CallAsync<IReadOnlyList<CacheRecord>>(async () =>
    {
        using var call = _control.Prune(options.ToRequest(), cancellationToken: ct);
        var gone = new List<CacheRecord>();
        await foreach (var record in call.ResponseStream.ReadAllAsync(ct)) gone.Add(CacheRecord.From(record));
        return gone;
    }, ct);

    /// <summary>The daemon's workers; an Engine has one. Serves as a ping, too.</summary>
    /// <exception cref="BuildKitConnectionException">The daemon cannot be reached.</exception>
    public Task<IReadOnlyList<BuildKitWorker>> ListWorkersAsync(CancellationToken ct) => CallAsync<IReadOnlyList<BuildKitWorker>>(async () =>
    {
        var response = await _control.ListWorkersAsync(new ListWorkersRequest(), cancellationToken: ct);
        return [.. response.Record.Select(BuildKitWorker.From)];
    }, ct);

    /// <summary>What the daemon says of itself; null where it does not know the question (before BuildKit 0.11: Engine 20.10).</summary>
    /// <exception cref="BuildKitConnectionException">The daemon cannot be reached.</exception>
    public Task<BuildKitInfo?> InfoAsync(CancellationToken ct) => CallAsync(async () =>
    {
        try
        {
            var response = await _control.InfoAsync(new InfoRequest(), cancellationToken: ct);
            return BuildKitInfo.From(response.BuildkitVersion);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            return null;
        }
    }, ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _sessions.DisposeAsync();
    }

    private async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        try
        {
            return await call();
        }
        catch (RpcException e)
        {
            throw RpcFailure.Translate(e, _endpoint, ct);
        }
    }
}
