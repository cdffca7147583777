using System.Net;
using Microsoft.AspNetCore.Builder;
using Slipway.StaticSite;

namespace StaticSite.Tests;

/// <summary>The real server on a free loopback port over a temporary folder.</summary>
internal sealed class RunningSite : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;

    private RunningSite(TemporaryFolder folder, WebApplication app, HttpClient client) => (_folder, _app, Client) = (folder, app, client);

    public HttpClient Client { get; }

    public static async Task<RunningSite> StartAsync(TemporaryFolder folder, bool isSpa = false)
    {
        var options = new StaticSiteOptions(folder.Root, Port: 0, isSpa) { Address = IPAddress.Loopback };
        var app = StaticSiteApp.Create(Site.Read(folder.Root), options);
        await app.StartAsync();
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None };
        return new(folder, app, new(handler) { BaseAddress = new(app.Urls.Single()) });
    }

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
