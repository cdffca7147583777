using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Core.Pipeline.Running;

namespace Core.Tests.Pipeline;

public class InstanceMetricsTests
{
    [Theory]
    [InlineData(1, "restart")]
    [InlineData(2, "restart")]
    [InlineData(3, "loop")]
    [InlineData(30, "loop")]
    public void Only_what_ends_again_and_again_is_a_loop(int times, string why)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var metrics = new InstanceMetrics(meters);
        var told = new List<object?>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter.Scope == meters) l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => told.Add(tags[0].Value));
        listener.Start();
        metrics.Restarted(times);
        Assert.Equal([why], told);
    }
}
