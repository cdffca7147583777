using Slipway.Edge.Metrics;
using Slipway.Edge.Publishing;

namespace Slipway.Edge;

/// <summary>Reads the edge's numbers over its admin socket, for a scraper that can reach only the control plane.</summary>
public sealed class EdgeMetricsReader : IDisposable
{
    public const string ContentType = EdgeExposition.ContentType;

    private readonly HttpClient _admin;

    internal EdgeMetricsReader(EdgeRouterOptions options) => _admin = AdminConnection.Create(options);

    /// <summary>As Prometheus reads it; null while the edge does not answer.</summary>
    public async Task<byte[]?> ReadAsync(CancellationToken ct)
    {
        try
        {
            return await _admin.GetByteArrayAsync(new Uri("/metrics", UriKind.Relative), ct);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => _admin.Dispose();
}
