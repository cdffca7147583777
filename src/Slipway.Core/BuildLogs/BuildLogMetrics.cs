using System.Diagnostics.Metrics;
using Slipway.Core.Metrics;

namespace Slipway.Core.BuildLogs;

/// <summary>How much is written into build logs.</summary>
public sealed class BuildLogMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _lines = meters.CreateSlipway().CreateCounter<long>("slipway.log.lines", "{line}", "Lines of build logs that were stored, each once.");

    public void Stored(long lines) => _lines.Add(lines);
}
