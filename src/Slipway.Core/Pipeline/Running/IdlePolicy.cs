using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Running;

/// <summary>How deep a deployment sleeps.</summary>
public enum SleepDepth { Awake, Frozen, Stopped }

/// <summary>When a deployment sleeps.</summary>
public sealed record SleepTimes(TimeSpan After, TimeSpan StopAfter);

/// <summary>What is known of one deployment that should serve.</summary>
/// <param name="Times">Null: it never sleeps.</param>
public sealed record IdleFacts(DeploymentId Deployment, InstanceState State, SleepTimes? Times, DateTimeOffset LastUsed, int Open = 0, bool IsWanted = false);

/// <summary>From use and settings to how deep each deployment should sleep. Pure.</summary>
public static class IdlePolicy
{
    /// <summary>Stopped at a time when memory is short: then it is looked again what that brought.</summary>
    public const int EvictedAtOnce = 4;

    public static SleepTimes? TimesOf(SleepOptions options, SleepSettings? project, bool isProduction)
    {
        var mayAtAll = project is not null ? !project.IsOff : options.Enabled;
        if (!mayAtAll || (isProduction && project?.Production != true)) return null;
        var after = project?.After ?? options.After;
        var stopAfter = project?.StopAfter ?? options.StopAfter;
        return new(after, stopAfter < after ? after : stopAfter);
    }

    /// <summary>When it was last in use, as far as anybody knows. Without the router's word an app that runs is taken for used until now's start of counting.</summary>
    public static DateTimeOffset LastUsed(Instance instance, DeploymentUse? use, DateTimeOffset since)
    {
        var own = instance.StartedAt ?? DateTimeOffset.MinValue;
        if (use?.LastUsedAt is { } used) return used > own ? used : own;
        // What has ended and nobody asked for since is no reason to start it: a machine that comes up again starts what is asked for.
        return instance.State == InstanceState.Exited || own > since ? own : since;
    }

    public static SleepDepth Wish(IdleFacts facts, DateTimeOffset now)
    {
        if (facts is { Times: null } or { Open: > 0 } or { IsWanted: true }) return SleepDepth.Awake;
        var idle = now - facts.LastUsed;
        if (idle >= facts.Times.StopAfter) return SleepDepth.Stopped;
        return facts.State switch
        {
            // Only a request wakes it, whatever is known of its last use.
            InstanceState.Frozen => SleepDepth.Frozen,
            // Stopped for want of memory, or dead by itself: nobody missed it.
            InstanceState.Exited when idle >= facts.Times.After => SleepDepth.Stopped,
            InstanceState.Running when idle >= facts.Times.After => SleepDepth.Frozen,
            _ => SleepDepth.Awake,
        };
    }

    /// <summary>What is to be stopped for want of memory: of those that are idle, the longest idle first.</summary>
    public static IReadOnlyList<DeploymentId> Evict(IEnumerable<IdleFacts> all, DateTimeOffset now) =>
        [.. all.Where(facts => facts.State is InstanceState.Frozen or InstanceState.Running && Wish(facts, now) == SleepDepth.Frozen).OrderBy(facts => facts.LastUsed).Take(EvictedAtOnce).Select(facts => facts.Deployment)];
}
