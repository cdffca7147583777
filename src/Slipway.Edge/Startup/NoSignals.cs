using Microsoft.Extensions.Hosting;

namespace Slipway.Edge.Startup;

/// <summary>The edge's two listeners are started and stopped by <see cref="RunningEdge"/>; neither may take the process's signals.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
