using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Contract.Tests.Routing;

/// <summary>A real app on a loopback port, a free one unless told.</summary>
internal sealed class LoopbackApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackApp(WebApplication app, string address)
    {
        _app = app;
        Address = address;
    }

    /// <summary><c>ip:port</c>.</summary>
    public string Address { get; }

    /// <summary>An address nobody listens on: bound once and given back.</summary>
    public static string DeadAddress
    {
        get
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return listener.LocalEndpoint.ToString() ?? "";
        }
    }

    public static async Task<LoopbackApp> StartAsync(RequestDelegate answer, Action<KestrelServerOptions>? configure = null, string? address = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(address is null ? new IPEndPoint(IPAddress.Loopback, 0) : IPEndPoint.Parse(address));
            configure?.Invoke(kestrel);
        });
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(answer);
        await app.StartAsync();
        return new LoopbackApp(app, new Uri(app.Urls.First()).Authority);
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }
}
