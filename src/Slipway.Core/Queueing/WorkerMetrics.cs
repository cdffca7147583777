using System.Diagnostics.Metrics;
using Slipway.Core.Metrics;

namespace Slipway.Core.Queueing;

/// <summary>What one worker does with its jobs.</summary>
public sealed class WorkerMetrics
{
    private readonly UpDownCounter<long> _held;
    private readonly Counter<long> _jobs;

    public WorkerMetrics(IMeterFactory meters)
    {
        var meter = meters.CreateSlipway();
        _held = meter.CreateUpDownCounter<long>("slipway.worker.builds", "{build}", "Jobs that this worker holds now.");
        _jobs = meter.CreateCounter<long>("slipway.worker.jobs", "{job}", "Jobs that this worker let go of, by decision: complete, return, bury or fault.");
    }

    public void Took() => _held.Add(1);

    public void LetGo(LeaseDecision? decision)
    {
        _held.Add(-1);
        _jobs.Add(1, KeyValuePair.Create<string, object?>("decision", decision switch
        {
            LeaseDecision.Complete => "complete",
            LeaseDecision.Return => "return",
            LeaseDecision.Bury => "bury",
            _ => "fault",
        }));
    }
}
