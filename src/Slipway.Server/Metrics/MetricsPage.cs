using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Slipway.Server.Metrics;

/// <summary>
/// What this process has measured, as Prometheus reads it. The library behind it is loaded with the first scrape, so that who has no
/// Prometheus pays nothing: what is counted begins then, and with the process where <see cref="MetricsOptions"/> say that somebody will scrape.
/// </summary>
internal sealed class MetricsPage(IServiceProvider services, GaugeBoard board, ILogger<MetricsPage> log) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _one = new();
    private RequestDelegate? _page;
    private IDisposable? _counting;

    /// <summary>Begins to count; a second call does nothing.</summary>
    [MemberNotNull(nameof(_page))]
    public void Begin()
    {
        lock (_one)
        {
            if (_page is not null) return;
            board.Hang();
            (_page, _counting) = Load();
        }
    }

    public async Task WriteAsync(HttpContext context)
    {
        Begin();
        await board.LookAsync(context.RequestAborted);
        // One text of two writers: in the format that both of them write, and not packed by one of them.
        context.Request.Headers.Accept = "text/plain";
        context.Request.Headers.AcceptEncoding = default;
        var deployments = await DeploymentsAsync(context.RequestAborted);
        var body = context.Response.Body;
        using var own = new MemoryStream();
        context.Response.Body = own;
        try
        {
            await _page(context);
        }
        finally
        {
            context.Response.Body = body;
        }

        context.Response.ContentLength = null;
        await context.Response.WriteAsync(deployments, context.RequestAborted);
        own.Position = 0;
        await own.CopyToAsync(body, context.RequestAborted);
    }

    /// <summary>Where there are deployments to be told of: a worker knows none. Like a gauge, what cannot be told in time is left out.</summary>
    private async Task<string> DeploymentsAsync(CancellationToken ct)
    {
        if (services.GetService<DeploymentExposition>() is not { } exposition) return "";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            return await exposition.WriteAsync(limit.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            log.GaugeUntold("slipway.deployment", e.Message);
            return "";
        }
    }

    public void Dispose() => _counting?.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (RequestDelegate, IDisposable) Load() => PrometheusPage.Create(services);
}
