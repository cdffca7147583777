using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge.Forwarding;
using Slipway.Edge.Pages;

namespace Slipway.Edge.Publishing;

/// <summary>Asks as a user would: through the edge's public port, by the public host name.</summary>
internal sealed class EdgeProbe(EdgeRouterOptions options) : IDisposable
{
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.Zero,
    });

    private readonly HttpClient _admin = AdminConnection.Create(options);

    public async Task<ProbeResult> AskAsync(string host, string path, TimeSpan timeout, CancellationToken ct)
    {
        if (options.FindEdge() is not { } edge)
        {
            return new ProbeResult(null, false, "The edge is not up.");
        }

        // Joined as text: resolved as a relative reference, a path of "//host/" would lead elsewhere.
        if (!Uri.TryCreate($"http://{edge.Authority}/{(path.StartsWith('/') ? path[1..] : path)}", UriKind.Absolute, out var target))
        {
            return new ProbeResult(null, false, $"'{path}' is no path.");
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        request.Headers.Host = host;
        request.Headers.UserAgent.ParseAdd("Slipway-Probe/1");
        request.Headers.Accept.ParseAdd("*/*");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(timeout);
        try
        {
            request.Headers.Add(SlipwayHeaders.Probe, await KeyAsync(patience.Token));
            // The invoker returns at the headers: a body without end is healthy too.
            using var response = await _client.SendAsync(request, patience.Token);
            var fromApp = !response.Headers.Contains(PageWriter.PageHeader);
            return new ProbeResult((int)response.StatusCode, fromApp, fromApp ? null : OwnPage(response));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ProbeResult(null, false, $"No answer within {timeout.TotalSeconds:0.#} s.");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            return new ProbeResult(null, false, e.Message);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _admin.Dispose();
    }

    /// <summary>Anew each time: another edge has another.</summary>
    private async Task<string?> KeyAsync(CancellationToken ct)
    {
        try
        {
            return (await _admin.GetFromJsonAsync("/probe-key", EdgeJson.Default.ProbeKeyAnswer, ct))?.Key;
        }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            // An edge of an older version, which takes any.
            return "1";
        }
    }

    private static string OwnPage(HttpResponseMessage response) =>
        $"The edge answered itself: {string.Join(',', response.Headers.GetValues(PageWriter.PageHeader))}.";
}
