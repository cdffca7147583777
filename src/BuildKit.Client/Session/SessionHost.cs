using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BuildKit.Client.Session;

/// <summary>One Kestrel for all sessions of a process, apart from any other server: whoever reaches it gets files and secrets.</summary>
internal sealed class SessionHost : IAsyncDisposable
{
    private readonly SessionListener _listener = new();
    private readonly SemaphoreSlim _once = new(1);
    private WebApplication? _app;

    /// <summary>Serves a build on a connection until it is disposed.</summary>
    public async Task<StreamConnection> AttachAsync(Stream stream, BuildSession session, CancellationToken ct)
    {
        await StartAsync(ct);
        var connection = new StreamConnection(stream);
        session.AttachTo(connection.Features);
        _listener.Hand(connection);
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _once.Dispose();
    }

    private async Task StartAsync(CancellationToken ct)
    {
        await _once.WaitAsync(ct);
        try
        {
            if (_app is not null) return;
            var app = Build();
            await app.StartAsync(ct);
            _app = app;
        }
        finally
        {
            _once.Release();
        }
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IConnectionListenerFactory>(_listener);
        // Not the process's lifetime: signals are the application's own affair (PROTOCOL.md P10).
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc(o => o.MaxReceiveMessageSize = null);
        var app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<HealthService>();
        app.MapGrpcService<FileSyncService>();
        app.MapGrpcService<SecretsService>();
        app.MapGrpcService<AuthService>();
        return app;
    }

    /// <summary>Each ignore pattern is a header, so the defaults break on large ignore files (PROTOCOL.md P2, P6).</summary>
    private static void Configure(KestrelServerOptions kestrel)
    {
        var limits = kestrel.Limits;
        limits.MaxRequestHeaderCount = 100_000;
        limits.MaxRequestHeadersTotalSize = 8 << 20;
        limits.MaxRequestBufferSize = 8 << 20;
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.KeepAliveTimeout = TimeSpan.FromDays(1);
        limits.Http2.MaxRequestHeaderFieldSize = 1 << 20;
        kestrel.Listen(new SessionEndPoint(), o => o.Protocols = HttpProtocols.Http2);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
