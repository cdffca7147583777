using Slipway.Core;
using Slipway.Core.Hosting;

namespace Slipway.Host.Cgroups;

/// <summary>Steps that somebody else on this host holds (<see cref="StepReports"/>), for a process that may not hold them itself.</summary>
internal sealed class ReportedBuildMachine(IBuildMachine own, StepReports reports) : IBuildMachine
{
    public StepLimitStatus? Status { get; private set; }

    public MachineMemory Memory() => own.Memory();

    public long? FreeBytes() => own.FreeBytes();

    public FileRoom? Files() => own.Files();

    public int? AnyStep() => own.AnyStep();

    public StepLimitStatus Hold(EngineLayout engine, StepLimits limits)
    {
        // For what it knows of the engine's disk.
        own.Hold(engine, limits);
        return Status = reports.Read() is { } held
            ? new StepLimitStatus.Held(held)
            : new StepLimitStatus.NotHeld("Who is to limit the memory and processes of build steps on this host does not say that he does.", "In the stack that is the service fence: slipway stack logs fence");
    }

    public IBuildHold Begin(DeploymentId build) => new Told(own.Begin(build), build, reports);

    private sealed class Told(IBuildHold own, DeploymentId build, StepReports reports) : IBuildHold
    {
        public IReadOnlyList<StepHit> Hits => reports.HitsOf(build);

        public long? CountWritten() => own.CountWritten();

        public void Dispose() => own.Dispose();
    }
}
