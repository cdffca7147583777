using Microsoft.Extensions.Options;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Routing;

/// <summary>Asks the edge what was used, and gathers what <see cref="IdlePolicy"/> decides on.</summary>
public sealed class IdleLook(IRouter router, OpenCommands commands, IOptions<SleepOptions> options, TimeProvider time)
{
    public async Task<IReadOnlyList<IdleFacts>> LookAsync(IReadOnlyList<Project> projects, IEnumerable<Deployment> deployments, IEnumerable<Instance> instances, CancellationToken ct)
    {
        var use = await UseAsync(ct);
        var used = use.Deployments.ToDictionary(u => u.Deployment);
        var byProject = projects.ToDictionary(p => p.Id);
        var ready = deployments.Where(d => d.State == DeploymentState.Ready).ToDictionary(d => d.Id);
        return [.. instances.Where(i => ready.ContainsKey(i.Deployment)).Select(i => Facts(i, byProject.GetValueOrDefault(ready[i.Deployment].Project), used.GetValueOrDefault(i.Deployment), use.Since))];
    }

    public IReadOnlySet<DeploymentId> Asleep(IEnumerable<IdleFacts> all) => all.Where(facts => IdlePolicy.Wish(facts, time.GetUtcNow()) != SleepDepth.Awake).Select(facts => facts.Deployment).ToHashSet();

    /// <summary>What the edge is to hold requests for: what sleeps, and what is wanted and not up again yet.</summary>
    public IReadOnlySet<DeploymentId> Held(IReadOnlyCollection<IdleFacts> all) =>
        all.Where(facts => facts is { IsWanted: true, State: InstanceState.Exited }).Select(facts => facts.Deployment).Concat(Asleep(all)).ToHashSet();

    private IdleFacts Facts(Instance instance, Project? project, DeploymentUse? use, DateTimeOffset since) => new(
        instance.Deployment, instance.State, IdlePolicy.TimesOf(options.Value, project?.Sleep, project?.Production == instance.Deployment),
        IdlePolicy.LastUsed(instance, use, since), (use?.Open ?? 0) + commands.Of(instance.Deployment), use?.IsWanted ?? false);

    /// <summary>An edge that is down has nobody at its door: what runs goes on, and what sleeps sleeps on.</summary>
    private async Task<RouterUse> UseAsync(CancellationToken ct)
    {
        try
        {
            return await router.UseAsync(ct);
        }
        catch (RouterDownException)
        {
            return new RouterUse(time.GetUtcNow(), []);
        }
    }
}
