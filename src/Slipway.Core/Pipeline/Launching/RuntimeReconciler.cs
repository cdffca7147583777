using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Core.RuntimeLogs;
using Slipway.Core.Tenancy;

namespace Slipway.Core.Pipeline.Launching;

/// <summary>
/// Makes the runtime be what the store wants: woken by every change, by engine events and by a slow timer.
/// New deployments are handed to a launcher of their own, so that a slow one delays nobody.
/// </summary>
public sealed class RuntimeReconciler(
    IDeploymentStore deployments, IProjectStore projects, IContainerRuntime runtime, IRouter router, IdleLook idle, InstanceStart start, DeploymentLauncher launcher, DataHandover handover, RoutePublisher routes,
    IOptions<RuntimeOptions> options, TimeProvider time, ILogger<RuntimeReconciler> log, InstanceMetrics? metrics = null, ObservedInstances? seen = null,
    RuntimeLogCollector? output = null) : BackgroundService
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<DeploymentId, Task<Task>> _launches = new();
    private readonly ConcurrentDictionary<DeploymentId, RestartHistory> _restarts = new();

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    // An engine that is asked for hundreds at once answers none of them in time.
    private const int WokenAtATime = 8;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var system = TeamScope.EnterSystem();
        var watches = Task.WhenAll(
            WakeOnAsync(deployments.WatchAsync(stoppingToken), stoppingToken), WakeOnAsync(runtime.WatchAsync(stoppingToken), stoppingToken), WakeWantedAsync(stoppingToken));
        while (!stoppingToken.IsCancellationRequested)
        {
            var soon = false;
            try
            {
                soon = await ReconcileAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.ReconcileFailed(e);
                soon = true;
            }
            catch (OperationCanceledException)
            {
                break;
            }

            using var pause = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(_wake.Reader.WaitToReadAsync(pause.Token).AsTask(), Task.Delay(soon ? TimeSpan.FromSeconds(1) : options.Value.ReconcileEvery, time, pause.Token));
            await pause.CancelAsync();
            _wake.Reader.TryRead(out _);
        }

        await Task.WhenAll(_launches.Values.Select(t => t.Unwrap()));
        await watches;
    }

    /// <summary>One look and what follows from it; true when something waits for its back-off.</summary>
    private async Task<bool> ReconcileAsync(CancellationToken ct)
    {
        var shipped = await deployments.ListAsync(new DeploymentQuery { States = [DeploymentState.Deploying, DeploymentState.Ready], Limit = 10_000 }, ct);
        foreach (var d in shipped.Where(d => d.State == DeploymentState.Deploying)) Launch(d, ct);

        var launching = _launches.Keys.Concat(shipped.Where(d => d.State == DeploymentState.Deploying).Select(d => d.Id)).ToHashSet();
        var wanted = shipped.Where(d => d.State == DeploymentState.Ready).ToDictionary(d => d.Id);
        var observed = await runtime.ListAsync(ct);
        seen?.Publish(observed);
        // What was deployed between the two looks is not an orphan.
        foreach (var i in observed.Where(i => !wanted.ContainsKey(i.Deployment)))
        {
            if (await deployments.FindAsync(i.Deployment, ct) is { State: DeploymentState.Deploying or DeploymentState.Ready }) launching.Add(i.Deployment);
        }

        var owners = await projects.ListAsync(ct);
        await LeaveHandedOverAsync(owners, launching, ct);
        var asleep = idle.Asleep(await idle.LookAsync(owners, shipped, observed, ct));
        var (begun, isMore) = (time.GetTimestamp(), false);
        var actions = RuntimeDiff.Compute(wanted.Keys, launching, observed, _restarts, asleep, time.GetUtcNow());
        // What is started may get the address that another had: who comes for that one waits.
        if (actions.Any(a => a is RuntimeAction.Start)) await TryPublishAsync(ct);
        foreach (var action in actions.OfType<RuntimeAction.Start>())
        {
            // What was started is routed before the rest is: somebody may wait for it.
            isMore |= time.GetElapsedTime(begun) > Turn;
            if (isMore) continue;
            var ended = observed.FirstOrDefault(i => i.Deployment == action.Deployment);
            if (ended is not { State: InstanceState.Frozen }) seen?.NoteRestart(action.Deployment, ended);
            await ApplyAsync(action, wanted, ct);
        }

        await RemoveAsync([.. actions.OfType<RuntimeAction.Remove>()], wanted, ct);
        await routes.PublishAsync(ct);
        if (isMore) _wake.Writer.TryWrite(true);
        return wanted.Keys.Any(id => !launching.Contains(id) && !asleep.Contains(id) && !observed.Any(i => i.Deployment == id && i.State == InstanceState.Running));
    }

    /// <summary>What serves production waits while its data is with another; a handover that nobody is at any more is undone first.</summary>
    private async Task LeaveHandedOverAsync(IReadOnlyList<Project> owners, HashSet<DeploymentId> launching, CancellationToken ct)
    {
        foreach (var project in owners.Where(p => p.DataHeir is not null))
        {
            await handover.ForgetAsync(project, ct);
            if (project.Production is { } serves && await projects.FindAsync(project.Id, ct) is { } now && DataRule.UseOf(now, serves) == VolumeUse.Wait) launching.Add(serves);
        }
    }

    /// <summary>Routes first: who comes for what just ended is told so, and is not sent to an app that is going.</summary>
    private async Task RemoveAsync(IReadOnlyList<RuntimeAction.Remove> those, Dictionary<DeploymentId, Deployment> wanted, CancellationToken ct)
    {
        if (those.Count == 0) return;
        await TryPublishAsync(ct);
        foreach (var removal in those) await ApplyAsync(removal, wanted, ct);
    }

    private async Task TryPublishAsync(CancellationToken ct)
    {
        try
        {
            await routes.PublishAsync(ct);
        }
        catch (RouterDownException)
        {
            // Nobody is routed by an edge that is down; what is to be done is done all the same.
        }
    }

    private async Task ApplyAsync(RuntimeAction action, Dictionary<DeploymentId, Deployment> wanted, CancellationToken ct)
    {
        switch (action)
        {
            case RuntimeAction.Start { Deployment: var id }:
                _restarts[id] = new RestartHistory(Recent(id) + 1, time.GetUtcNow());
                log.Restarting(id, _restarts[id].Count);
                metrics?.Restarted(_restarts[id].Count);
                await StartAsync(wanted[id], ct);
                break;
            case RuntimeAction.Remove { Instance: var instance }:
                log.Removing(instance);
                if (output is not null)
                {
                    // What it prints as it ends goes with its container.
                    await runtime.SleepAsync(instance, SleepDepth.Stopped, options.Value.StopGrace, ct);
                    await output.DrainAsync(instance, ct);
                }

                await runtime.RemoveAsync(instance, options.Value.StopGrace, ct);
                break;
        }
    }

    private async Task StartAsync(Deployment d, CancellationToken ct)
    {
        try
        {
            var started = await start.StartAsync(d, _ => { }, ct);
            if (started.IsFailure(out var failure) && failure.Code != InstanceStart.HandedOver) log.StartRefused(d.Id, failure.Message);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.StartFailed(e, d.Id);
        }
    }

    /// <summary>A visitor waits: what sleeps is woken at once, and the routes follow. What falls asleep just now is brought back by who puts it to sleep.</summary>
    private async Task WakeWantedAsync(CancellationToken ct)
    {
        try
        {
            await Parallel.ForEachAsync(router.WatchWantedAsync(ct), new ParallelOptions { MaxDegreeOfParallelism = WokenAtATime, CancellationToken = ct }, async (id, token) => await WakeAsync(id, token));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    private async Task WakeAsync(DeploymentId id, CancellationToken ct)
    {
        try
        {
            // One that fails again and again waits for its turn in the loop.
            var mayStart = !_restarts.TryGetValue(id, out var history) || time.GetUtcNow() >= history.Last + RuntimeDiff.Backoff(history.Count);
            if (mayStart && await deployments.FindAsync(id, ct) is { State: DeploymentState.Ready } d)
            {
                metrics?.Woken();
                await StartAsync(d, ct);
            }
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.StartFailed(e, id);
        }
        catch (OperationCanceledException)
        {
            // Shutting down: the loop wakes it at the next start.
        }

        _wake.Writer.TryWrite(true);
    }

    /// <summary>Restarts count only while they follow each other closely.</summary>
    private int Recent(DeploymentId id) =>
        _restarts.TryGetValue(id, out var h) && time.GetUtcNow() - h.Last < RuntimeDiff.Backoff(h.Count) + TimeSpan.FromMinutes(2) ? h.Count : 0;

    private void Launch(Deployment d, CancellationToken ct)
    {
        if (_launches.ContainsKey(d.Id)) return;
        // Registered before it starts, so that a launch that ends at once cannot leave its entry behind.
        var launch = new Task<Task>(() => LaunchAsync(d, ct));
        if (_launches.TryAdd(d.Id, launch)) launch.Start(TaskScheduler.Default);
    }

    private async Task LaunchAsync(Deployment d, CancellationToken ct)
    {
        try
        {
            // The list may be older than the launch before: what is through is not brought up again.
            if (await deployments.FindAsync(d.Id, ct) is { State: DeploymentState.Deploying } now) await launcher.LaunchAsync(now, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Taken up again at the next start.
        }
        catch (Exception e)
        {
            log.LaunchFailed(e, d.Id);
        }
        finally
        {
            _launches.TryRemove(d.Id, out _);
            _wake.Writer.TryWrite(true);
        }
    }

    private async Task WakeOnAsync<T>(IAsyncEnumerable<T> changes, CancellationToken ct)
    {
        try
        {
            await foreach (var _ in changes) _wake.Writer.TryWrite(true);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Shutting down.
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "reconciling failed; it is tried again in a second")]
    public static partial void ReconcileFailed(this ILogger log, Exception e);

    [LoggerMessage(LogLevel.Information, "starting the instance of {Deployment} again ({Count})")]
    public static partial void Restarting(this ILogger log, DeploymentId deployment, int count);

    [LoggerMessage(LogLevel.Error, "the instance of {Deployment} cannot be started: {Why}")]
    public static partial void StartRefused(this ILogger log, DeploymentId deployment, string why);

    [LoggerMessage(LogLevel.Error, "the instance of {Deployment} could not be started")]
    public static partial void StartFailed(this ILogger log, Exception e, DeploymentId deployment);

    [LoggerMessage(LogLevel.Information, "removing {Instance}, which nothing wants")]
    public static partial void Removing(this ILogger log, InstanceId instance);
}
