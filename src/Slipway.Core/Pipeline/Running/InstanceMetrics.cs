using System.Diagnostics.Metrics;
using Slipway.Core.Metrics;

namespace Slipway.Core.Pipeline.Running;

/// <summary>What the reconciler starts again.</summary>
public sealed class InstanceMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _starts = meters.CreateSlipway()
        .CreateCounter<long>("slipway.instance.starts", "{start}", "Instances started again, by why: restart (it should have run and did not) or wake (a visitor came).");

    public void Restarted() => _starts.Add(1, KeyValuePair.Create<string, object?>("why", "restart"));

    public void Woken() => _starts.Add(1, KeyValuePair.Create<string, object?>("why", "wake"));
}
