using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Slipway.Core;
using Slipway.Server.Hosting;
using Slipway.Server.Roles;

namespace Server.Tests;

/// <summary>The real API on the real store in a home of its own, without worker and reconciler: what comes in stays queued.</summary>
public sealed class RunningApi : IAsyncLifetime
{
    private readonly string _folder;
    private readonly Action<IServiceCollection>? _exchange;
    private WebApplication? _app;

    public RunningApi() : this(Directory.CreateTempSubdirectory("slipway-api-").FullName)
    {
    }

    /// <summary>With its home in a folder that is there.</summary>
    /// <param name="exchange">Parts of its own in place of the real ones.</param>
    internal RunningApi(string folder, Action<IServiceCollection>? exchange = null) => (_folder, _exchange) = (folder, exchange);

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public string Token { get; private set; } = "";

    public IServiceProvider Services => _app?.Services ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        var home = HomeFolder.Open(new SlipwayHome(_folder));
        Token = home.Token;
        var port = FreePort();
        _app = ControlPlaneRole.Build(home, ["--Slipway:Api:Port", $"{port}"], services =>
        {
            services.RemoveAll<IHostedService>();
            _exchange?.Invoke(services);
        });
        await ControlPlaneStart.PrepareAsync(_app.Services, CancellationToken.None);
        await _app.StartAsync();
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public HttpClient Http(bool withToken = true)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = Address };
        if (withToken) http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        return http;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
