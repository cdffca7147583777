using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.Deployments;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;

namespace Slipway.Core.Pipeline.Launching;

/// <summary>
/// Puts idle deployments to sleep. In this order, so that no request is lost:
/// <code>
///   keeper                                     edge
///   the table says asleep  ───────────────▶    from now on: note that it is wanted, thaw, then forward (or hold)
///   nothing open, not wanted?  ───────────▶    (what had been forwarded before is open)
///   freeze, or stop
///   wanted?  ─────────────────────────────▶    noted before our look: we wake it; after: the edge's thaw came after our freeze
/// </code>
/// </summary>
public sealed class SleepKeeper(
    IDeploymentStore deployments, IProjectStore projects, IContainerRuntime runtime, IRouter router, RoutePublisher routes, IdleLook idle, FallingAsleep falling, OpenCommands commands, InstanceStart start,
    IBuildMachine machine, IOptions<SleepOptions> options, TimeProvider time, ILogger<SleepKeeper> log) : BackgroundService
{
    private const int AtATime = 8;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var system = TeamScope.EnterSystem();
        while (!stoppingToken.IsCancellationRequested)
        {
            var soon = false;
            try
            {
                soon = await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.SleepFailed(e);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await Task.Delay(soon && Soon < options.Value.LookEvery ? Soon : options.Value.LookEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One look and what follows from it; true when memory was short, so that the next look comes soon.</summary>
    private async Task<bool> LookAsync(CancellationToken ct)
    {
        var ready = await deployments.ListAsync(new DeploymentQuery { States = [DeploymentState.Ready], Limit = 10_000 }, ct);
        var all = await idle.LookAsync(await projects.ListAsync(ct), ready, await runtime.ListAsync(ct), ct);
        var now = time.GetUtcNow();
        var evicted = IsShort() ? IdlePolicy.Evict(all, now) : [];
        if (evicted.Count > 0) log.Evicting(evicted.Count, options.Value.MinFreePercent);

        var byId = ready.ToDictionary(d => d.Id);
        var stop = all.Where(f => f.State is InstanceState.Running or InstanceState.Frozen && (evicted.Contains(f.Deployment) || IdlePolicy.Wish(f, now) == SleepDepth.Stopped)).Select(f => byId[f.Deployment]).ToList();
        var freeze = all.Where(f => f.State == InstanceState.Running && IdlePolicy.Wish(f, now) == SleepDepth.Frozen).Select(f => byId[f.Deployment]).Except(stop).ToList();
        await LayAsync(freeze, SleepDepth.Frozen, now, ct);
        await LayAsync(stop, SleepDepth.Stopped, now, ct);
        return evicted.Count > 0;
    }

    private bool IsShort()
    {
        var memory = machine.Memory();
        return memory.Available < memory.Total / 100 * options.Value.MinFreePercent;
    }

    private async Task LayAsync(List<Deployment> those, SleepDepth depth, DateTimeOffset looked, CancellationToken ct)
    {
        if (those.Count == 0) return;
        those.ForEach(d => falling.Add(d.Id, depth));
        try
        {
            await routes.PublishAsync(ct);
            var use = await router.UseAsync(ct);
            // Used since the look: it is not idle any more, though nothing of it is open.
            var idle = those.Where(d => use.Of(d.Id) is null or { Open: 0, IsWanted: false } && !(use.Of(d.Id)?.LastUsedAt > looked) && commands.Of(d.Id) == 0);
            await Parallel.ForEachAsync(idle, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = ct }, async (d, token) => await LayAsync(d, depth, token));
        }
        finally
        {
            those.ForEach(d => falling.Remove(d.Id));
        }

        await routes.PublishAsync(ct);
    }

    private async Task LayAsync(Deployment d, SleepDepth depth, CancellationToken ct)
    {
        try
        {
            await runtime.SleepAsync(InstanceId.Of(d.Id), depth, options.Value.StopGrace, ct);
            log.Asleep(d.Id, depth);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.NotAsleep(e, d.Id, depth);
        }

        // Whatever became of it: who came in between is not left waiting.
        if ((await router.UseAsync(ct)).Of(d.Id) is not ({ IsWanted: true } or { Open: > 0 }) && commands.Of(d.Id) == 0) return;
        log.WokenAgain(d.Id);
        var started = await start.StartAsync(d, _ => { }, ct);
        if (started.IsFailure(out var failure)) log.StartRefused(d.Id, failure.Message);
        falling.Remove(d.Id);
        await routes.PublishAsync(ct);
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "looking for idle apps failed; it is tried again")]
    public static partial void SleepFailed(this ILogger log, Exception e);

    [LoggerMessage(LogLevel.Information, "{Deployment} sleeps, {Depth}: nobody used it")]
    public static partial void Asleep(this ILogger log, DeploymentId deployment, SleepDepth depth);

    [LoggerMessage(LogLevel.Warning, "{Deployment} could not be put to sleep ({Depth})")]
    public static partial void NotAsleep(this ILogger log, Exception e, DeploymentId deployment, SleepDepth depth);

    [LoggerMessage(LogLevel.Information, "{Deployment} was asked for while it fell asleep, and is awake again")]
    public static partial void WokenAgain(this ILogger log, DeploymentId deployment);

    [LoggerMessage(LogLevel.Information, "less than {Percent} % of the memory is free: the {Count} longest idle apps are stopped")]
    public static partial void Evicting(this ILogger log, int count, int percent);
}
