using System.Runtime.InteropServices;
using Slipway.Edge.Startup;

namespace Slipway.Edge;

/// <summary>The edge as a program: what the server executable runs for the role <c>edge</c>.</summary>
public static class EdgeApp
{
    /// <summary>Serves until <paramref name="ct"/>, SIGTERM or SIGINT, then drains and returns.</summary>
    /// <exception cref="EdgePortTakenException">The public port is in use.</exception>
    /// <exception cref="EdgeAlreadyRunningException">An edge of the same installation runs.</exception>
    /// <exception cref="EdgePortDeniedException">This user may not open the public port.</exception>
    public static async Task RunAsync(EdgeOptions options, CancellationToken ct)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await using var cancelled = ct.Register(() => stopped.TrySetResult());

        await using var edge = await RunningEdge.StartAsync(options, TimeProvider.System, ct);
        await stopped.Task;
        await edge.StopAsync();

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopped.TrySetResult();
        }
    }
}
