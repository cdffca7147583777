using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Hosting;

namespace Slipway.Host.Cgroups;

/// <summary>
/// Steps held by their cgroups, from outside: whatever the engine's BuildKit can or can't limit itself. With reports, those of every
/// build of Slipway's on this host, which run in other processes and are told by them.
/// </summary>
internal sealed class CgroupBuildMachine(IOptions<HostOptions> options, ILogger<CgroupBuildMachine> log, StepReports? reports = null) : IBuildMachine, IDisposable
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<DeploymentId, BuildHold> _builds = new();
    private readonly CgroupTree _tree = CgroupTree.OfHost;
    private volatile Holding? _holding;
    private volatile StepWatch? _watch;

    public StepLimitStatus? Status { get; private set; }

    public MachineMemory Memory() => MemoryReading.Of(File.ReadAllText("/proc/meminfo"));

    public long? FreeBytes()
    {
        try
        {
            return _holding is { } holding ? new DriveInfo(holding.Engine.DataRoot).AvailableFreeSpace : null;
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public FileRoom? Files() => _holding is { } holding ? DiskFiles.Of(holding.Engine.DataRoot) : null;

    public StepLimitStatus Hold(EngineLayout engine, StepLimits limits)
    {
        lock (_lock)
        {
            var parent = options.Value.BuildCgroup is { Length: > 0 } named ? named : CgroupPlan.ParentOf(engine);
            var wanted = new Holding(engine, limits, parent);
            if (_watch?.Ended is { } why) log.WatchEnded(why);
            var isSame = wanted == _holding && _watch is { Ended: null };
            _holding = wanted;
            Status = isSame && Status is StepLimitStatus.Held ? Status : Begin(wanted);
            if (Status is StepLimitStatus.Held held) reports?.Held(held.Limits);
            else reports?.Ended();
            return Status;
        }
    }

    public IBuildHold Begin(DeploymentId build) => _builds.GetOrAdd(build, _ => new BuildHold(this, () => _builds.TryRemove(build, out var _)));

    public int? AnyStep() => _watch?.AnyProcess();

    public void Dispose()
    {
        _watch?.Dispose();
        // Nobody holds them from now on.
        if (Status is StepLimitStatus.Held) reports?.Ended();
    }

    private StepLimitStatus Begin(Holding holding)
    {
        _watch?.Dispose();
        _watch = null;
        if (!Environment.IsPrivilegedProcess && !_tree.MayWrite(holding.Parent))
            return new StepLimitStatus.NotHeld("Slipway does not run as root, so it can't limit the memory and processes of build steps.", "Start it with sudo, or as a system service.");
        try
        {
            _tree.Create(holding.Parent);
            _tree.Write(holding.Parent, CgroupPlan.Parent(holding.Limits, _tree.IsUnified));
            _watch = new StepWatch(_tree, holding.Parent, StepBegan, StepHit);
            return new StepLimitStatus.Held(holding.Limits);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new StepLimitStatus.NotHeld($"The cgroups of build steps can't be written to: {refused.Message}", "In a container, mount the host's /sys/fs/cgroup writable.");
        }
    }

    private HeldStep? StepBegan(string name)
    {
        if (_holding is not { } holding || (_builds.IsEmpty && reports is null)) return null;
        var config = StepConfig.Read(holding.Engine.DataRoot, name);
        // One that can't be told apart is held as well: better a stranger held than a bomb not.
        if (config is not null && (config.Build is not { } build || !IsHeldHere(build))) return null;

        var cgroup = $"{holding.Parent}/{name}";
        if (_tree.Write(cgroup, CgroupPlan.Step(holding.Limits, _tree.IsUnified)) is { } failed) log.StepNotHeld(name, failed);
        if (config?.Build is { } whose && _builds.TryGetValue(whose, out var hold)) hold.Writes.Begin(cgroup);
        return new HeldStep(_tree, cgroup, config?.Build, config?.Command);
    }

    private bool IsHeldHere(DeploymentId build) => reports is not null || _builds.ContainsKey(build);

    private void StepHit(HeldStep step, StepLimit limit)
    {
        if (step.Build is { } whose) reports?.Add(whose, new StepHit(limit, step.Command));
        foreach (var (build, hold) in _builds)
            if ((step.Build is not { } own || own == build) && hold.Add(new StepHit(limit, step.Command))) log.StepHit(build.ToString(), limit, step.Command ?? "unknown");
    }

    private sealed record Holding(EngineLayout Engine, StepLimits Limits, string Parent);

    private sealed class BuildHold(CgroupBuildMachine machine, Action end) : IBuildHold
    {
        private readonly ConcurrentQueue<StepHit> _hits = new();

        public StepWrites Writes { get; } = new(machine._tree);

        public IReadOnlyList<StepHit> Hits => [.. _hits];

        /// <summary>Without the watch nobody knows which steps are this build's.</summary>
        public long? CountWritten() => machine._watch is { Ended: null } ? Writes.Count() : null;

        /// <summary>False: it is known, as one that goes on trying runs into its limit again and again.</summary>
        public bool Add(StepHit hit)
        {
            if (_hits.Contains(hit)) return false;
            _hits.Enqueue(hit);
            return true;
        }

        public void Dispose() => end();
    }
}
