using Microsoft.Extensions.DependencyInjection;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Edge.Publishing;

namespace Slipway.Edge;

public static class EdgeRouterSetup
{
    /// <summary>Makes the edge process the <see cref="IRouter"/>, and registers who asks instances whether they answer.</summary>
    public static IServiceCollection AddEdgeRouter(this IServiceCollection services, Action<EdgeRouterOptions> configure)
    {
        var options = new EdgeRouterOptions();
        configure(options);
        return services.AddSingleton<IRouter>(_ => new EdgeRouter(options)).AddSingleton(_ => new EdgeMetricsReader(options)).AddSingleton(_ => new EdgeCertificatesReader(options))
            .AddSingleton<IInstanceProbe>(_ => options.Probes ? new EdgeInstanceProbe(options) : new HttpInstanceProbe());
    }
}
