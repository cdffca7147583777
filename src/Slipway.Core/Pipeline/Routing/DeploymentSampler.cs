using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Core.Pipeline.Routing;

/// <summary>One look at a deployment.</summary>
public sealed record DeploymentSample(DateTimeOffset At, InstanceUsage? Usage, DeploymentTraffic? Traffic);

/// <summary>
/// Looks at all deployments now and then, so that whoever asks how busy one is gets numbers of the last minutes and not of all its life. What the
/// machine's own files tell is read each time, of sleepers too; the engine, where it must be asked, only now and then and of those that run.
/// </summary>
public sealed class DeploymentSampler(ObservedInstances observed, IInstanceUsage usage, IRouter router, TimeProvider time, ILogger<DeploymentSampler> log) : BackgroundService
{
    private const int LooksPerQuestion = 4;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<DeploymentId, DeploymentSample[]> _before = new();

    /// <summary>How they are now, against the looks before.</summary>
    public async Task<IReadOnlyList<DeploymentFigures>> ReadAsync(Func<DeploymentId, bool> wanted, CancellationToken ct)
    {
        var instances = observed.Latest.Where(i => wanted(i.Deployment)).ToList();
        var samples = await SampleAsync(instances, mayAsk: true, ct);
        return [.. instances.Select(i => DeploymentFigures.Of(i, samples[i.Deployment], _before.GetValueOrDefault(i.Deployment, []), observed.RestartsOf(i.Deployment)))];
    }

    /// <summary>One look that is remembered.</summary>
    public async Task LookAsync(bool mayAsk, CancellationToken ct)
    {
        var samples = await SampleAsync(observed.Latest, mayAsk, ct);
        foreach (var (id, sample) in samples)
        {
            var recent = _before.GetValueOrDefault(id, []).Where(s => sample.At - s.At <= DeploymentFigures.LongestWindow);
            _before[id] = [.. recent, sample];
        }

        foreach (var gone in _before.Keys.Where(id => !samples.ContainsKey(id))) _before.TryRemove(gone, out _);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        var isTold = false;
        try
        {
            for (var look = 0; await timer.WaitForNextTickAsync(stoppingToken); look++)
            {
                try
                {
                    await LookAsync(look % LooksPerQuestion == 0, stoppingToken);
                    isTold = false;
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    if (!isTold) log.NotSampled(e);
                    isTold = true;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Shutting down.
        }
    }

    private async Task<Dictionary<DeploymentId, DeploymentSample>> SampleAsync(IReadOnlyCollection<Instance> instances, bool mayAsk, CancellationToken ct)
    {
        var used = await usage.ReadAsync(instances, mayAsk, ct);
        var answered = (await TrafficAsync(ct)).ToDictionary(t => t.Deployment);
        var now = time.GetUtcNow();
        return instances.DistinctBy(i => i.Deployment).ToDictionary(i => i.Deployment, i => new DeploymentSample(now, used.GetValueOrDefault(i.Id), answered.GetValueOrDefault(i.Deployment)));
    }

    private async Task<IReadOnlyList<DeploymentTraffic>> TrafficAsync(CancellationToken ct)
    {
        try
        {
            return (await router.UseAsync(ct)).Traffic;
        }
        catch (RouterDownException)
        {
            return [];
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "what the apps use cannot be told just now; it is tried again")]
    public static partial void NotSampled(this ILogger log, Exception e);
}
