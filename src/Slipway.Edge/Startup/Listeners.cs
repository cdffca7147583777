using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Edge.Compression;
using Slipway.Edge.Tls;

namespace Slipway.Edge.Startup;

/// <summary>
/// The public and the admin listener are two servers, so that no mistake in routing can let a public request reach the admin API.
/// Both read nothing from the environment or from files.
/// </summary>
internal static class Listeners
{
    private const int MaxTableSize = 64 * 1024 * 1024;

    public static WebApplication Public(EdgeOptions options, ILoggerFactory logs, RequestDelegate answer) =>
        Open(options, logs, answer, options.Port, endpoint => endpoint.Protocols = HttpProtocols.Http1);

    /// <summary>A server of its own: a certificate or a port that is wrong must not take the plain one away.</summary>
    public static WebApplication Tls(EdgeOptions options, int port, CertificateKeeper certificates, ILoggerFactory logs, RequestDelegate answer) => Open(options, logs, answer, port, endpoint =>
    {
        endpoint.Protocols = HttpProtocols.Http1AndHttp2;
        endpoint.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = hello => certificates.Find(hello.ClientHelloInfo.ServerName) is { } certificate
                ? ValueTask.FromResult(certificate.Options())
                : throw new AuthenticationException($"there is no certificate for '{hello.ClientHelloInfo.ServerName}'"),
        });
    });

    private static WebApplication Open(EdgeOptions options, ILoggerFactory logs, RequestDelegate answer, int port, Action<ListenOptions> how)
    {
        var builder = Bare(logs, options.DrainTimeout);
        builder.Services.Configure<SocketTransportOptions>(o => o.UnsafePreferInlineScheduling = options.InlineScheduling);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            var slow = new MinDataRate(options.MinBytesPerSecond, options.SlowClientGrace);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestHeadersTotalSize = options.MaxRequestHeadersSize;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = options.MaxConnections;
            kestrel.Limits.MinRequestBodyDataRate = slow;
            kestrel.Limits.MinResponseDataRate = slow;
            ListenPublic(kestrel, options.BindPublic, port, how);
        });
        if (options.Compression) EdgeCompression.Add(builder.Services);
        return Build(builder, answer, options.Compression);
    }

    public static WebApplication Admin(EdgeOptions options, ILoggerFactory logs, RequestDelegate answer)
    {
        var builder = Bare(logs, TimeSpan.FromSeconds(1));
        builder.Services.Configure<SocketTransportOptions>(o => o.CreateBoundListenSocket = endpoint => BindPrivately(endpoint, options.IsShared));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxTableSize;
            kestrel.ListenUnixSocket(options.AdminSocket, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        return Build(builder, answer);
    }

    public static WebApplication Metrics(EdgeOptions options, ILoggerFactory logs, RequestDelegate answer)
    {
        var builder = Bare(logs, TimeSpan.FromSeconds(1));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 32;
            kestrel.Listen(IPAddress.Parse(options.MetricsListen), options.MetricsPort, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        return Build(builder, answer);
    }

    private static void ListenPublic(KestrelServerOptions kestrel, bool isPublic, int port, Action<ListenOptions> how)
    {
        if (isPublic)
        {
            kestrel.ListenAnyIP(port, how);
        }
        else if (port == 0)
        {
            kestrel.Listen(IPAddress.Loopback, 0, how);
        }
        else
        {
            kestrel.ListenLocalhost(port, how);
        }
    }

    /// <summary>Sets the mode between bind and listen: nobody can have connected before.</summary>
    /// <param name="isShared">Open it to the folder's group too; never to all.</param>
    private static Socket BindPrivately(EndPoint endpoint, bool isShared)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is UnixDomainSocketEndPoint unix)
        {
            const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            File.SetUnixFileMode(unix.ToString(), isShared ? own | UnixFileMode.GroupRead | UnixFileMode.GroupWrite : own);
        }

        return socket;
    }

    private static WebApplicationBuilder Bare(ILoggerFactory logs, TimeSpan drain)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = drain);
        return builder;
    }

    private static WebApplication Build(WebApplicationBuilder builder, RequestDelegate answer, bool compresses = false)
    {
        var app = builder.Build();
        if (compresses) app.UseResponseCompression();
        app.Run(answer);
        return app;
    }
}
