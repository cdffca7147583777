using System.Threading.Channels;
using BuildKit.Client.Progress;
using BuildKit.Client.Session;
using BuildKit.Client.Wire;
using Grpc.Core;

namespace BuildKit.Client;

/// <summary>
/// One build: its session stands before Solve is called, since the daemon asks for the Dockerfile at once; Status is read beside it.
/// <code>
/// session ──▶ Solve ─────────────────▶ answer
///         └─▶ Status ▶ events … ──────▶ end (by itself, milliseconds after the answer)
/// </code>
/// </summary>
internal sealed class Solve(BuildKitEndpoint endpoint, Control.ControlClient control, SessionHost sessions, TimeProvider time)
{
    /// <summary>After an early failure Status may never end by itself (PROTOCOL.md §6).</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    /// <summary>How long a canceled build's last words are listened to. Of one that printed without end the daemon would tell for minutes what it had kept.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly ProgressReducer _reducer = new();

    /// <summary>Ends when the daemon has told all, the canceled step's end included; completes the channel in any case.</summary>
    public async Task<BuildResult> RunAsync(BuildOptions options, ChannelWriter<BuildEvent> events, CancellationToken ct)
    {
        try
        {
            var session = new BuildSession(Guid.NewGuid().ToString("N"), options.SharedKey,
                new Dictionary<string, IContextSource> { ["context"] = options.Context, ["dockerfile"] = options.Dockerfile }, options.Secrets, options.Registries);
            var stream = await ConnectAsync(session, ct) ?? SessionTunnel.Open(control, session.Headers);
            await using var connection = await sessions.AttachAsync(stream, session, ct);

            var reference = Guid.NewGuid().ToString("N");
            var solving = control.SolveAsync(SolveRequests.From(options, reference, session.Id), cancellationToken: ct).ResponseAsync;
            await ReadStatusAsync(reference, solving, events, ct);
            var response = await solving;
            return new BuildResult(response.ExporterResponse.GetValueOrDefault("containerimage.digest", ""), response.ExporterResponse.ToDictionary());
        }
        catch (RpcException e)
        {
            throw RpcFailure.OfBuild(e, endpoint, digest => digest is null ? _reducer.Failed : _reducer.Find(digest), options.DockerfileName, () => Read(options), ct);
        }
        finally
        {
            events.Complete();
        }
    }

    private async Task<Stream?> ConnectAsync(BuildSession session, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(BuildKitClient.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            return await endpoint.ConnectSessionAsync(session.Headers, either.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new BuildKitConnectionException($"{endpoint} takes connections and does not answer", e);
        }
    }

    private async Task ReadStatusAsync(string reference, Task solving, ChannelWriter<BuildEvent> events, CancellationToken ct)
    {
        using var end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var leaving = ct.UnsafeRegister(_ => end.CancelAfter(LastWords), null);
        try
        {
            using var call = control.Status(new StatusRequest { Ref = reference }, cancellationToken: end.Token);
            while (await HasNextAsync(call.ResponseStream.MoveNext(end.Token), solving))
            {
                foreach (var happened in _reducer.Reduce(call.ResponseStream.Current)) await TellAsync(events, happened, ct);
            }
        }
        catch (RpcException)
        {
            // Solve says what happened; the status of a build that never began only says "no such job".
        }

        await end.CancelAsync();
        await solving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Waits as long as the build does, and a little longer.</summary>
    private async Task<bool> HasNextAsync(Task<bool> next, Task solving)
    {
        if (!next.IsCompleted) await Task.WhenAny(next, solving);
        try
        {
            return await next.WaitAsync(Silence, time);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Waits for a slow reader; one that has canceled need not read on.</summary>
    private static async ValueTask TellAsync(ChannelWriter<BuildEvent> events, BuildEvent happened, CancellationToken ct)
    {
        if (events.TryWrite(happened) || ct.IsCancellationRequested) return;
        try
        {
            await events.WriteAsync(happened, ct);
        }
        catch (OperationCanceledException)
        {
            // The rest is for nobody.
        }
    }

    private static string? Read(BuildOptions options)
    {
        try
        {
            using var reader = new StreamReader(options.Dockerfile.Open(options.DockerfileName));
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or KeyNotFoundException)
        {
            return null;
        }
    }
}
