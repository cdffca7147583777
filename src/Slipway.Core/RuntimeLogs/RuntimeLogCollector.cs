using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Tenancy;

namespace Slipway.Core.RuntimeLogs;

/// <summary>
/// Takes what apps print out of the engine's own logs into <see cref="IRuntimeLog"/>. One that runs is followed; one that sleeps or has ended
/// costs no connection: it is read once, to its end. While this process is away the engine keeps the lines, and reading goes on where it ended.
/// </summary>
public sealed class RuntimeLogCollector(
    IContainerRuntime runtime, IDeploymentStore deployments, IRuntimeLog logs, ObservedInstances observed, TimeProvider time, ILogger<RuntimeLogCollector> log) : BackgroundService
{
    private const int LargestBatch = 500;
    private const int ReadAtATime = 4;
    private static readonly TimeSpan BeforeAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<InstanceId, Collected> _all = new();
    private readonly SemaphoreSlim _reading = new(ReadAtATime);

    /// <summary>Before a stopped instance is removed: what it printed to its end is stored, or given up after some seconds.</summary>
    public async Task DrainAsync(InstanceId id, CancellationToken ct)
    {
        if (!_all.TryGetValue(id, out var known)) return;
        using var limit = new CancellationTokenSource(LastWords, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        await known.Then(() => ReadAsync(known, both.Token)).WaitAsync(both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var system = TeamScope.EnterSystem();
        try
        {
            await foreach (var instances in observed.WatchAsync(stoppingToken)) Look(instances, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }

        await Task.WhenAll(_all.Values.Select(c => c.Work));
    }

    private void Look(IReadOnlyList<Instance> instances, CancellationToken ct)
    {
        foreach (var instance in instances) Look(_all.GetOrAdd(instance.Id, _ => new Collected(instance)), instance, ct);
        foreach (var gone in _all.Keys.Except(instances.Select(i => i.Id)).ToList())
        {
            if (_all.TryRemove(gone, out var known)) known.Leave();
        }
    }

    private void Look(Collected known, Instance now, CancellationToken ct)
    {
        known.Seen = now;
        if (now.State == InstanceState.Frozen) known.Leave();
        if (!known.Work.IsCompleted) return;
        if (now.State == InstanceState.Running) _ = AgainAfterAsync(known.Then(() => FollowAsync(known, ct)), ct);
        else if (!known.IsRead) known.Then(() => ReadAsync(known, ct));
    }

    private async Task FollowAsync(Collected known, CancellationToken ct)
    {
        known.IsReadAs = null;
        using var follow = CancellationTokenSource.CreateLinkedTokenSource(ct);
        known.Follow = follow;
        await CopyAsync(known, follow: true, follow.Token);
        known.Follow = null;
    }

    /// <summary>The app ended, or the engine is away, or it sleeps: what is to be done then need not wait for the next look.</summary>
    private async Task AgainAfterAsync(Task follow, CancellationToken ct)
    {
        await follow;
        await Task.Delay(BeforeAgain, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        observed.Again();
    }

    private async Task ReadAsync(Collected known, CancellationToken ct)
    {
        var state = known.Seen;
        try
        {
            await _reading.WaitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            if (await CopyAsync(known, follow: false, ct)) known.IsReadAs = state;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <returns>It was read to its end.</returns>
    private async Task<bool> CopyAsync(Collected known, bool follow, CancellationToken ct)
    {
        try
        {
            using var system = TeamScope.EnterSystem();
            if (await deployments.FindAsync(known.Seen.Deployment, ct) is not { State: not DeploymentState.Ended } d) return true;
            var writer = logs.Open(d.Project, d.Id);
            using var reading = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var output = runtime.ReadOutputAsync(known.Seen.Id, new OutputQuery { Tail = OutputQuery.All, After = writer.After, Follow = follow }, reading.Token);
            await CopyAsync(output, writer, reading);
            known.IsTold = false;
            return true;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e)
        {
            // An engine that is away or a full disk is told of once; the engine keeps the lines meanwhile.
            if (!known.IsTold) log.NotCollected(e, known.Seen.Deployment);
            known.IsTold = true;
            return false;
        }
    }

    /// <summary>Stored as soon as the app pauses, else many at once.</summary>
    private static async Task CopyAsync(IAsyncEnumerable<OutputLine> output, IRuntimeLogWriter writer, CancellationTokenSource reading)
    {
        var batch = new List<OutputLine>();
        await using var lines = output.GetAsyncEnumerator(reading.Token);
        while (true)
        {
            var next = lines.MoveNextAsync().AsTask();
            try
            {
                if (batch.Count >= LargestBatch || !next.IsCompleted) Flush();
            }
            catch
            {
                // What reads must have ended before it can be closed.
                await reading.CancelAsync();
                await next.ContinueWith(_ => { }, TaskScheduler.Default);
                throw;
            }

            if (!await next) break;
            batch.Add(lines.Current);
        }

        Flush();

        void Flush()
        {
            if (batch.Count > 0) writer.Append(batch);
            batch.Clear();
        }
    }

    /// <summary>One instance; what is done with it is done in turn.</summary>
    private sealed class Collected(Instance first)
    {
        private readonly Lock _one = new();
        private volatile CancellationTokenSource? _follow;

        public Task Work { get; private set; } = Task.CompletedTask;

        public Instance Seen { get; set; } = first;

        /// <summary>As it was when it was read to its end; null: it ran since.</summary>
        public Instance? IsReadAs { get; set; }

        public bool IsTold { get; set; }

        public bool IsRead => IsReadAs is { } then && (then.State, then.StartedAt, then.FinishedAt) == (Seen.State, Seen.StartedAt, Seen.FinishedAt);

        public CancellationTokenSource? Follow
        {
            set => _follow = value;
        }

        public Task Then(Func<Task> work)
        {
            lock (_one) return Work = AfterAsync(Work, work);
        }

        public void Leave()
        {
            try
            {
                _follow?.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended just now.
            }
        }

        private static async Task AfterAsync(Task before, Func<Task> work)
        {
            // Never under the lock.
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            await work();
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "the output of {Deployment} cannot be stored just now; it is tried again")]
    public static partial void NotCollected(this ILogger log, Exception e, DeploymentId deployment);
}
