using System.Globalization;
using System.Text;
using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;

namespace Slipway.Server.Metrics;

/// <summary>
/// What is told of each deployment, in Prometheus's text format: of those whose app runs, production's first, and of so many at most: sleepers
/// and what ended leave, so that the number of series has an end. By hand, for a histogram that another process keeps has no instrument here.
/// </summary>
internal sealed class DeploymentExposition(DeploymentSampler sampler, ObservedInstances observed, IDeploymentStore deployments, IProjectStore projects)
{
    /// <summary>Deployments that are told of.</summary>
    public const int Most = 200;

    public async Task<string> WriteAsync(CancellationToken ct)
    {
        using var system = TeamScope.EnterSystem();
        var production = (await projects.ListAsync(ct)).Select(p => p.Production).OfType<DeploymentId>().ToHashSet();
        var running = observed.Latest.Where(i => i.State == InstanceState.Running).Select(i => i.Deployment).ToHashSet();
        var ready = await deployments.ListAsync(new DeploymentQuery { States = [DeploymentState.Ready], Limit = 10_000 }, ct);
        var told = ready.Where(d => running.Contains(d.Id)).OrderByDescending(d => production.Contains(d.Id)).ThenByDescending(d => d.CreatedAt).Take(Most).ToDictionary(d => d.Id);
        return Write([.. (await sampler.ReadAsync(told.ContainsKey, ct)).Select(f => (told[f.Instance.Deployment], f))]);
    }

    /// <summary>Pure.</summary>
    internal static string Write(IReadOnlyList<(Deployment Deployment, DeploymentFigures Figures)> all)
    {
        var text = new StringBuilder();
        if (all.Count == 0) return "";
        Each(DeploymentMetric.Cpu, f => f.Usage?.CpuSeconds);
        Each(DeploymentMetric.Memory, f => f.Usage?.MemoryBytes);
        Each(DeploymentMetric.MemoryLimit, f => f.Usage?.MemoryLimitBytes);
        Each(DeploymentMetric.Received, f => f.Usage?.ReceivedBytes);
        Each(DeploymentMetric.Sent, f => f.Usage?.SentBytes);
        Each(DeploymentMetric.Restarts, f => f.Restarts.Count);
        Each(DeploymentMetric.OutOfMemory, f => f.Restarts.OutOfMemory);
        Head(text, DeploymentMetric.Requests);
        foreach (var (d, figures) in all)
        {
            for (var i = 0; i < DeploymentTraffic.Classes.Count && figures.Total is { } total; i++)
                text.Append(CultureInfo.InvariantCulture, $"{DeploymentMetric.Requests.Name}{{{Labels(d)},class=\"{DeploymentTraffic.Classes[i]}\"}} {total.ByClass[i]}\n");
        }

        Head(text, DeploymentMetric.Duration);
        foreach (var (d, figures) in all) Histogram(text, d, figures.Total);
        return text.ToString();

        void Each(DeploymentMetric metric, Func<DeploymentFigures, double?> value)
        {
            Head(text, metric);
            foreach (var (d, figures) in all)
            {
                if (value(figures) is { } number) text.Append(CultureInfo.InvariantCulture, $"{metric.Name}{{{Labels(d)}}} {number}\n");
            }
        }
    }

    private static void Histogram(StringBuilder text, Deployment d, DeploymentTraffic? total)
    {
        if (total is null) return;
        var (name, sum) = (DeploymentMetric.Duration.Name, 0L);
        for (var i = 0; i < total.ByTime.Count; i++)
        {
            var end = i < DeploymentTraffic.Bounds.Count ? DeploymentTraffic.Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{{Labels(d)},le=\"{end}\"}} {sum += total.ByTime[i]}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{name}_sum{{{Labels(d)}}} {total.SumSeconds}\n{name}_count{{{Labels(d)}}} {sum}\n");
    }

    /// <summary>Neither can hold what would have to be escaped.</summary>
    private static string Labels(Deployment d) => $"project=\"{d.ProjectName}\",deployment=\"{d.Hash}\"";

    private static void Head(StringBuilder text, DeploymentMetric metric) => text.Append(CultureInfo.InvariantCulture, $"# HELP {metric.Name} {metric.Meaning}\n# TYPE {metric.Name} {metric.Kind}\n");
}
