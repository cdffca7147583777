using Slipway.Core.Hosting;

namespace Slipway.Core.Pipeline.Building;

/// <summary>Watches the engine's disk while a build runs, and stops the build before what is served has no room left.</summary>
internal sealed class DiskReserve(IBuildMachine machine, long reserveBytes, TimeProvider time)
{
    /// <summary>A fast disk writes some hundred megabytes in this time; the reserve is larger.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Null: there is room, or it can't be seen.</summary>
    public Failure? Shortage() => machine.FreeBytes() is { } free && free < reserveBytes
        ? new Failure("build.disk_full", $"the build was stopped: the engine's disk has {Size.Of(free)} left, and {Size.Of(reserveBytes)} are kept for what is served",
            "free space (slipway status says what uses it), let the build write less, or lower Slipway:Build:DiskReserveMegabytes")
        : null;

    /// <summary>Until the token, or until there is a shortage.</summary>
    public async Task WatchAsync(Action<Failure> stop, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                if (Shortage() is not { } shortage) continue;
                stop(shortage);
                return;
            }
        }
        catch (OperationCanceledException)
        {
            // The build is over.
        }
    }
}
