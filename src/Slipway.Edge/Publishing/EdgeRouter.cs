using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Core;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Edge.Admin;

namespace Slipway.Edge.Publishing;

/// <summary>The control plane's side of the edge: publishes over the admin socket, probes through the public door.</summary>
internal sealed class EdgeRouter : IRouter, IDisposable
{
    private static readonly TimeSpan _again = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient _admin;
    private readonly EdgeProbe _probe;

    /// <summary>What the edge took last; it may have another by now.</summary>
    private RouteTable? _inForce;

    public EdgeRouter(EdgeRouterOptions options)
    {
        _admin = AdminConnection.Create(options);
        _probe = new EdgeProbe(options);
    }

    public async Task PublishAsync(RouteTable table, CancellationToken ct)
    {
        if (TableChange.Between(_inForce, table) is not { } change || !await ChangeAsync(change, ct)) await PutAsync(table, ct);
        _inForce = table;
    }

    public Task<ProbeResult> ProbeAsync(string host, string path, TimeSpan timeout, CancellationToken ct) =>
        _probe.AskAsync(host, path, timeout, ct);

    public async Task<long?> CurrentAsync(CancellationToken ct)
    {
        try
        {
            // An older edge does not know the path, and says the number all the same.
            var number = (await GetAsync("/table/number", EdgeJson.Default.TableAnswer, ct)).Current;
            return number == RouteTable.Empty.Number ? null : number;
        }
        catch (RouterDownException)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<DestinationTraffic>> TrafficAsync(CancellationToken ct) =>
        (await GetAsync("/health", EdgeJson.Default.EdgeHealth, ct)).Destinations;

    public Task<RouterUse> UseAsync(CancellationToken ct) => GetAsync("/use", EdgeJson.Default.RouterUse, ct);

    public async IAsyncEnumerable<DeploymentId> WatchWantedAsync([EnumeratorCancellation] CancellationToken ct)
    {
        // Before any: the first answer comes at once, and tells of all.
        var known = 0L;
        while (true)
        {
            if (await AskWantedAsync(known, ct) is not { } answer)
            {
                // An edge that was away has forgotten all wants.
                known = 0;
                await Task.Delay(_again, TimeProvider.System, ct);
                continue;
            }

            if (answer.Number == known) continue;
            known = answer.Number;
            foreach (var id in answer.Deployments) yield return id;
        }
    }

    public void Dispose()
    {
        _admin.Dispose();
        _probe.Dispose();
    }

    /// <returns>False when the edge has another table than we think, was restarted, or is of a version that takes whole ones only.</returns>
    private async Task<bool> ChangeAsync(TableChange change, CancellationToken ct)
    {
        using var body = JsonContent.Create(change, EdgeJson.Default.TableChange);
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/table") { Content = body };
        using var response = await SendAsync(request, ct);
        return response.StatusCode == HttpStatusCode.OK;
    }

    private async Task PutAsync(RouteTable table, CancellationToken ct)
    {
        using var body = JsonContent.Create(table, EdgeJson.Default.RouteTable);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/table") { Content = body };
        using var response = await SendAsync(request, ct);
        var answer = await ReadAsync(response, EdgeJson.Default.TableAnswer, ct);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                return;
            case HttpStatusCode.Conflict:
                throw new RouteTableRefusedException(table.Number, answer.Current);
            default:
                throw new ArgumentException($"The edge did not take the table: {answer.Error}", nameof(table));
        }
    }

    private async Task<WantedAnswer?> AskWantedAsync(long known, CancellationToken ct)
    {
        try
        {
            return await GetAsync(string.Create(CultureInfo.InvariantCulture, $"/wanted?after={known}"), EdgeJson.Default.WantedAnswer, ct);
        }
        catch (RouterDownException)
        {
            return null;
        }
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendAsync(request, ct);
        return await ReadAsync(response, type, ct);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            return await _admin.SendAsync(request, ct);
        }
        catch (HttpRequestException e)
        {
            throw new RouterDownException("The edge is not up: " + e.Message, e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new RouterDownException($"The edge did not answer within {_admin.Timeout}.", e);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken ct)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, ct) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new RouterDownException($"The edge's answer ({(int)response.StatusCode}) is not understood.", e);
        }
    }
}
