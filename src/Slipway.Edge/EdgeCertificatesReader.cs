using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Edge.Publishing;

namespace Slipway.Edge;

/// <summary>Asks the edge over its admin socket which certificates it shows.</summary>
public sealed class EdgeCertificatesReader : IDisposable
{
    private readonly HttpClient _admin;

    internal EdgeCertificatesReader(EdgeRouterOptions options) => _admin = AdminConnection.Create(options);

    /// <summary>Null while the edge does not answer.</summary>
    public async Task<EdgeCertificates?> ReadAsync(CancellationToken ct)
    {
        try
        {
            return await _admin.GetFromJsonAsync(new Uri("/certificates", UriKind.Relative), EdgeJson.Default.EdgeCertificates, ct);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => _admin.Dispose();
}
