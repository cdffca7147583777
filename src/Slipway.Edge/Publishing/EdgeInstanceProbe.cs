using System.Globalization;
using System.Net.Http.Json;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Edge.Publishing;

/// <summary>Lets the edge ask the instance: where only the edge has a way to apps, and what it can't reach no visitor can.</summary>
internal sealed class EdgeInstanceProbe : IInstanceProbe, IDisposable
{
    /// <summary>The edge's own limit ends it first.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    private readonly HttpClient _admin;

    public EdgeInstanceProbe(EdgeRouterOptions options)
    {
        _admin = AdminConnection.Create(options);
        _admin.Timeout = Timeout.InfiniteTimeSpan;
    }

    public async Task<int?> StatusAsync(string address, int port, string path, TimeSpan timeout, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout + Slack);
        var query = string.Create(CultureInfo.InvariantCulture, $"/probe?address={Uri.EscapeDataString(address)}&port={port}&path={Uri.EscapeDataString(path)}&milliseconds={Math.Max(1, (int)timeout.TotalMilliseconds)}");
        try
        {
            return (await _admin.GetFromJsonAsync(query, EdgeJson.Default.ProbeAnswer, limit.Token))?.Status;
        }
        catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            // An edge that is away is asked again, as an app that does not answer yet is.
            return null;
        }
    }

    public void Dispose() => _admin.Dispose();
}
