using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge;
using Slipway.Edge.Publishing;
using Slipway.Edge.Startup;
using Slipway.Testing.Hosting;

namespace Contract.Tests.Routing;

/// <summary>One edge in a folder of its own, its apps and its router.</summary>
internal sealed class EdgeUnderTest : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _apps = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    private RunningEdge? _edge;
    private long _number;

    public EdgeUnderTest()
    {
        Options = new EdgeOptions
        {
            Port = 0,
            AdminSocket = Path.Combine(Folder, "run", "edge.sock"),
            TableFile = Path.Combine(Folder, "edge", "table.json"),
            RunFile = Path.Combine(Folder, "run", "edge.json"),
            DrainTimeout = TimeSpan.FromSeconds(2),
            WaitForApp = TimeSpan.FromMilliseconds(200),
        };
        Router = new EdgeRouter(new EdgeRouterOptions { AdminSocket = Options.AdminSocket, RunFile = Options.RunFile });
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("slipway-edge-").FullName;

    public EdgeOptions Options { get; }

    public EdgeRouter Router { get; }

    public Uri Address => new(_edge?.Address ?? throw new InvalidOperationException("not started"));

    public static async Task<EdgeUnderTest> StartedAsync(Action<EdgeOptions>? configure = null)
    {
        var edge = new EdgeUnderTest();
        configure?.Invoke(edge.Options);
        await edge.StartAsync();
        return edge;
    }

    /// <summary>As a browser would ask; the host goes in the header, for no resolver knows it.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead)
    {
        request.RequestUri = new Uri(Address, request.RequestUri ?? new Uri("/", UriKind.Relative));
        request.Headers.Host ??= "app.localhost";
        return await _client.SendAsync(request, until, TestContext.Current.CancellationToken);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string host = "app.localhost")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Host = host;
        return await SendAsync(request);
    }

    /// <summary>Until so many requests wait for their app.</summary>
    public async Task WaitingAsync(int requests)
    {
        using var admin = AdminConnection.Create(new EdgeRouterOptions { AdminSocket = Options.AdminSocket, RunFile = Options.RunFile });
        await Looking.UntilAsync(async () => (await admin.GetFromJsonAsync("/health", EdgeJson.Default.EdgeHealth))?.Waiting == requests ? "waits" : null, TimeSpan.FromSeconds(10), $"{requests} waiting requests");
    }

    public async Task StartAsync() => _edge = await RunningEdge.StartAsync(Options, TimeProvider.System, CancellationToken.None);

    public async Task StopAsync()
    {
        if (_edge is { } edge)
        {
            _edge = null;
            await edge.DisposeAsync();
        }
    }

    public async Task<string> StartAppAsync(RequestDelegate answer)
    {
        var app = await LoopbackApp.StartAsync(answer);
        _apps.Add(app);
        return app.Address;
    }

    /// <summary>Starts an app and routes <c>app.localhost</c> to it.</summary>
    public async Task ServeAsync(RequestDelegate answer) => await RouteAsync(await StartAppAsync(answer));

    public Task RouteAsync(params string[] destinations) => PublishAsync(new Route("app.localhost", RouteKind.App, destinations, null));

    public Task PublishAsync(params Route[] routes) => Router.PublishAsync(new RouteTable(++_number, routes), CancellationToken.None);

    /// <summary>Serves an app at <c>app.localhost</c> under rules.</summary>
    public async Task ServeAsync(EdgeRules rules, RequestDelegate answer) => await PublishAsync(rules, new Route("app.localhost", RouteKind.App, [await StartAppAsync(answer)], null));

    /// <summary>All routes have these rules.</summary>
    public Task PublishAsync(EdgeRules rules, params Route[] routes)
    {
        var name = $"rules-{++_number}";
        return Router.PublishAsync(new RouteTable(_number, [.. routes.Select(r => r with { Rules = name })]) { Rules = new Dictionary<string, EdgeRules> { [name] = rules } }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }

        _client.Dispose();
        Router.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
