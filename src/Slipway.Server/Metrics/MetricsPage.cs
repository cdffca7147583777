using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Slipway.Server.Metrics;

/// <summary>
/// What this process has measured, as Prometheus reads it. The library behind it is loaded with the first scrape, so that who has no
/// Prometheus pays nothing: what is counted begins then, and with the process where <see cref="MetricsOptions"/> say that somebody will scrape.
/// </summary>
internal sealed class MetricsPage(IServiceProvider services, GaugeBoard board) : IDisposable
{
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
        await _page(context);
    }

    public void Dispose() => _counting?.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (RequestDelegate, IDisposable) Load() => PrometheusPage.Create(services);
}
