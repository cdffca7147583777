using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Slipway.Core.Metrics;
using Slipway.Core.Tenancy;

namespace Slipway.Server.Metrics;

/// <summary>What the gauges said when they were last asked; one that does not answer in time has no value, rather than an old one.</summary>
internal sealed class GaugeBoard(IEnumerable<Gauge> gauges, IMeterFactory meters, TimeProvider time, ILogger<GaugeBoard> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Gauge[] _gauges = [.. gauges];
    private readonly ConcurrentDictionary<string, IReadOnlyList<Reading>> _seen = new();
    private readonly ConcurrentDictionary<string, bool> _untold = new();

    /// <summary>Once, before anything listens to the meter.</summary>
    public void Hang()
    {
        var meter = meters.CreateSlipway();
        foreach (var gauge in _gauges) meter.CreateObservableGauge(gauge.Name, () => Read(gauge.Name), gauge.Unit, gauge.Meaning);
    }

    public Task LookAsync(CancellationToken ct)
    {
        using var system = TeamScope.EnterSystem();
        return Task.WhenAll(_gauges.Select(gauge => LookAsync(gauge, ct)));
    }

    private async Task LookAsync(Gauge gauge, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            _seen[gauge.Name] = await gauge.Look(both.Token).WaitAsync(both.Token);
            _untold.TryRemove(gauge.Name, out _);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // An engine that is away for a night is told of once.
            if (_untold.TryAdd(gauge.Name, true)) log.GaugeUntold(gauge.Name, e.Message);
            _seen[gauge.Name] = [];
        }
    }

    private IEnumerable<Measurement<double>> Read(string name) =>
        _seen.GetValueOrDefault(name, []).Select(reading => new Measurement<double>(reading.Value, reading.Tags));
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "{Gauge} cannot be told: {Why}")]
    public static partial void GaugeUntold(this ILogger log, string gauge, string why);
}
