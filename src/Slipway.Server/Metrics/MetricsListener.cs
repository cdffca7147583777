using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Slipway.Nats;

namespace Slipway.Server.Metrics;

/// <summary><c>/metrics</c> and <c>/health</c> on a port of their own, where <c>Slipway:Metrics:Port</c> says so: all that a worker listens on.</summary>
internal sealed class MetricsListener(MetricsOptions options, MetricsToken token, MetricsPage page, IServiceProvider services) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    public string? Address => _app?.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.IsWanted) page.Begin();
        if (options.Port == 0) return;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(services.GetRequiredService<ILoggerFactory>());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = 32;
            kestrel.Listen(IPAddress.Parse(options.Listen), options.Port);
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new SettingsException($"{MetricsOptions.Section}:Port: {options.Listen}:{options.Port} cannot be listened on: {e.Message}");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task AnswerAsync(HttpContext context)
    {
        var isOpen = options.TokenFile.Length == 0;
        // That it listens says that it lives; where it has NATS, whether that answers is the rest.
        if (context.Request.Path == "/health") await HealthAsync(context);
        else if (!isOpen && !token.Lets(context.Request)) context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else if (context.Request.Path != "/metrics") context.Response.StatusCode = StatusCodes.Status404NotFound;
        else await page.WriteAsync(context);
    }

    private async Task HealthAsync(HttpContext context)
    {
        var fault = services.GetService<NatsStart>()?.Fault;
        context.Response.StatusCode = fault is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsJsonAsync(new { status = fault is null ? "ready" : "not_ready", reason = fault });
    }

    /// <summary>The process's own host takes the signals.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
