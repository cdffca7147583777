using Microsoft.Extensions.Options;
using Slipway.Core.Hosting;

namespace Slipway.Core.Pipeline.Building;

/// <summary>
/// Watches the engine's disk while builds run, and stops the one that fills it before what is served has no room left. Its
/// neighbours go on. Where nobody counts what a build writes, all that run are stopped.
/// </summary>
public sealed class DiskReserve(IBuildMachine machine, IOptions<BuildLimitOptions> options, TimeProvider time)
{
    /// <summary>A fast disk writes some hundred megabytes in this time; the reserve is larger.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>The engine removes a stopped step's files in the background.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly List<Place> _places = [];
    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private DateTimeOffset _lastGone = DateTimeOffset.MinValue;
    private int _entered;

    private long ReserveBytes => (long)options.Value.DiskReserveMegabytes << 20;

    /// <summary>Null: there is room, or it can't be seen.</summary>
    /// <param name="written">Bytes that this build's steps wrote; null: unknown, or it has not begun.</param>
    public Failure? Shortage(long? written)
    {
        if (machine.FreeBytes() is not { } free) return null;
        return free < ReserveBytes || machine.Files() is { IsShort: true } ? Full(free, written) : null;
    }

    /// <summary>Watches until the token for this build and all others that run; calls <paramref name="stop"/> when it is this one's turn.</summary>
    public async Task WatchAsync(IBuildHold steps, Action<Failure> stop, CancellationToken ct)
    {
        var place = Enter(steps, stop);
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                // What a stop sets off is not for under the lock.
                var (chosen, free) = Choose();
                foreach (var one in chosen) one.Stop(Full(free, one.Written));
            }
        }
        catch (OperationCanceledException)
        {
            // The build is over, or it is the one that was stopped.
        }
        finally
        {
            Leave(place);
        }
    }

    private Place Enter(IBuildHold steps, Action<Failure> stop)
    {
        lock (_lock)
        {
            var place = new Place(++_entered, steps, stop);
            _places.Add(place);
            return place;
        }
    }

    private void Leave(Place place)
    {
        lock (_lock)
        {
            _places.Remove(place);
            if (place.IsStopped) _lastGone = time.GetUtcNow();
        }
    }

    /// <summary>Whose turn it is; they are marked as stopped.</summary>
    private (IReadOnlyList<Place> Chosen, long Free) Choose()
    {
        lock (_lock)
        {
            if (machine.FreeBytes() is not { } free) return ([], 0);
            var now = time.GetUtcNow();
            var hasNoFiles = machine.Files() is { IsShort: true };
            var isShort = free < ReserveBytes || hasNoFiles;
            if (isShort || now >= _next) Count(now);
            if (!isShort) return ([], free);

            var isRecovering = _places.Any(place => place.IsStopped) || now - _lastGone < Settling;
            var numbers = DiskWriter.ToStop([.. _places.Select(place => place.AsWriter())], hasNoFiles ? Math.Min(free, ReserveBytes - 1) : free, ReserveBytes, isRecovering).Select(writer => writer.Place).ToHashSet();
            var chosen = _places.Where(place => numbers.Contains(place.Number)).ToList();
            foreach (var place in chosen) place.IsStopped = true;
            return (chosen, free);
        }
    }

    /// <summary>Thousands of processes take a while to read: never more than a twentieth of a core.</summary>
    private void Count(DateTimeOffset now)
    {
        foreach (var place in _places) place.Count(now);
        var took = time.GetUtcNow() - now;
        _next = now + (took * 20 > Look ? took * 20 : Look);
    }

    private Failure Full(long free, long? written)
    {
        var own = written is { } bytes ? $"; this build's steps wrote {Size.Of(bytes)}" : "";
        return machine.Files() is { IsShort: true } files
            ? new("build.disk_full", $"the build was stopped: the engine's disk has room for {files.Free} more files (inodes) of {files.Total}, and the last ones are kept for what is served{own}",
                "remove files there (slipway status says what uses the disk), or let the build make fewer")
            : new("build.disk_full", $"the build was stopped: the engine's disk has {Size.Of(free)} left, and {Size.Of(ReserveBytes)} are kept for what is served{own}",
                "free space (slipway status says what uses it), let the build write less, or lower Slipway:Build:DiskReserveMegabytes");
    }

    private sealed class Place(int number, IBuildHold steps, Action<Failure> stop)
    {
        private readonly WrittenLately _written = new();
        private bool _isCounted;

        public int Number => number;

        public bool IsStopped { get; set; }

        /// <summary>Bytes; null: nobody counts them.</summary>
        public long? Written => _isCounted ? _written.Total : null;

        public void Stop(Failure why) => stop(why);

        public void Count(DateTimeOffset now)
        {
            var total = steps.CountWritten();
            _isCounted = total is not null;
            if (total is { } bytes) _written.Add(now, bytes);
        }

        public DiskWriter AsWriter() => new(number, _isCounted ? _written.Lately : null, _written.Total, IsStopped);
    }
}
