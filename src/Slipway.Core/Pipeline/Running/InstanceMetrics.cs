using System.Diagnostics.Metrics;
using Slipway.Core.Metrics;

namespace Slipway.Core.Pipeline.Running;

/// <summary>What the reconciler starts again.</summary>
public sealed class InstanceMetrics(IMeterFactory meters)
{
    private const int Loop = 3;

    private readonly Counter<long> _starts = meters.CreateSlipway()
        .CreateCounter<long>("slipway.instance.starts", "{start}", "Instances started again, by why: restart (it should have run and did not), loop (a third time and more, each soon after the last) or wake (a visitor came).");

    /// <param name="times">In close succession, this one among them: an engine that restarts costs each instance one.</param>
    public void Restarted(int times) => _starts.Add(1, KeyValuePair.Create<string, object?>("why", times < Loop ? "restart" : "loop"));

    public void Woken() => _starts.Add(1, KeyValuePair.Create<string, object?>("why", "wake"));
}
