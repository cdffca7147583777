using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Slipway.Core.Metrics;
using Slipway.Server.Hosting;

namespace Slipway.Server.Metrics;

/// <summary>The only place that names OpenTelemetry.</summary>
internal static class PrometheusPage
{
    /// <summary>Slipway's own, the runtime's (memory, processor time, collections) and the API's requests.</summary>
    private static readonly string[] Meters = [SlipwayMeter.Name, "System.Runtime", "Microsoft.AspNetCore.Hosting"];

    public static (RequestDelegate Page, IDisposable Counting) Create(IServiceProvider services)
    {
        var provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("slipway-server", serviceVersion: BuildVersion.Text, autoGenerateServiceInstanceId: false))
            .AddMeter(Meters)
            .AddPrometheusExporter(o => o.ScrapeResponseCacheDurationMilliseconds = 0)
            .Build();
        var app = new ApplicationBuilder(services).UseOpenTelemetryPrometheusScrapingEndpoint(provider, _ => true, path: null, configureBranchedPipeline: null, optionsName: null);
        return (app.Build(), provider);
    }
}
