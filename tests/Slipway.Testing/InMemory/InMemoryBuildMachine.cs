using System.Collections.Concurrent;
using Slipway.Core;
using Slipway.Core.Hosting;

namespace Slipway.Testing.InMemory;

/// <summary>A machine whose memory and disk a test sets, and whose steps run into what the test says.</summary>
public sealed class InMemoryBuildMachine : IBuildMachine
{
    private readonly ConcurrentDictionary<DeploymentId, BuildHold> _builds = new();

    /// <summary>Why nothing can be held here; null: it can.</summary>
    public StepLimitStatus.NotHeld? Refusal { get; set; }

    public MachineMemory Has { get; set; } = new(16L << 30, 12L << 30, 0);

    public long? Free { get; set; } = 100L << 30;

    public StepLimitStatus? Status { get; private set; }

    public MachineMemory Memory() => Has;

    public long? FreeBytes() => Free;

    public StepLimitStatus Hold(EngineLayout engine, StepLimits limits) => Status = Refusal is { } refusal ? refusal : new StepLimitStatus.Held(limits);

    public int? AnyStep() => null;

    public IBuildHold Begin(DeploymentId build) => _builds.GetOrAdd(build, _ => new BuildHold(() => _builds.TryRemove(build, out var _)));

    /// <summary>A step of this build runs into a limit; false: the build is not held, and nothing stops its step.</summary>
    public bool Hit(DeploymentId build, StepHit hit)
    {
        if (!_builds.TryGetValue(build, out var hold)) return false;
        hold.Told.Enqueue(hit);
        return true;
    }

    private sealed class BuildHold(Action end) : IBuildHold
    {
        public ConcurrentQueue<StepHit> Told { get; } = new();

        public IReadOnlyList<StepHit> Hits => [.. Told];

        public void Dispose() => end();
    }
}
