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

    public FileRoom? Room { get; set; } = new(1_000_000, 1_000_000);

    public StepLimitStatus? Status { get; private set; }

    public MachineMemory Memory() => Has;

    public long? FreeBytes() => Free;

    public FileRoom? Files() => Room;

    public StepLimitStatus Hold(EngineLayout engine, StepLimits limits) => Status = Refusal is { } refusal ? refusal : new StepLimitStatus.Held(limits);

    public int? AnyStep() => null;

    public IBuildHold Begin(DeploymentId build) => _builds.GetOrAdd(build, _ => new BuildHold(this, () => _builds.TryRemove(build, out var _)));

    /// <summary>A step of this build runs into a limit; false: the build is not held, and nothing stops its step.</summary>
    public bool Hit(DeploymentId build, StepHit hit)
    {
        if (!_builds.TryGetValue(build, out var hold)) return false;
        hold.Told.Enqueue(hit);
        return true;
    }

    /// <summary>A step of this build writes; false: the build is not held, and nobody counts it.</summary>
    public bool Write(DeploymentId build, long bytes)
    {
        if (!_builds.TryGetValue(build, out var hold)) return false;
        hold.Write(bytes);
        return true;
    }

    private sealed class BuildHold(InMemoryBuildMachine machine, Action end) : IBuildHold
    {
        private long _written;

        public ConcurrentQueue<StepHit> Told { get; } = new();

        public IReadOnlyList<StepHit> Hits => [.. Told];

        public long? CountWritten() => machine.Status is StepLimitStatus.Held ? Interlocked.Read(ref _written) : null;

        public void Write(long bytes) => Interlocked.Add(ref _written, bytes);

        public void Dispose() => end();
    }
}
