using Microsoft.Extensions.Options;
using Slipway.Core.BuildLogs;
using Slipway.Core.Hosting;

namespace Slipway.Core.Pipeline.Building;

/// <summary>Lets a build begin once the machine has the memory that it may take, beside what the others were promised. The only one always may.</summary>
public sealed class BuildAdmission(IBuildMachine machine, IOptions<BuildLimitOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private int _running;

    /// <summary>Disposed of when the build is over. While it waits it says so once.</summary>
    public async Task<IDisposable> EnterAsync(IBuildOutput output, CancellationToken ct)
    {
        var told = false;
        while (Refusal() is { } why)
        {
            if (!told) output.Say($"waiting for memory: {why}", "build");
            told = true;
            await Task.Delay(Look, time, ct);
        }

        if (told) output.Say("there is memory for this build now", "build");
        return new Place(this);
    }

    /// <summary>Null: it is admitted, and counted from here on.</summary>
    private string? Refusal()
    {
        var memory = machine.Memory();
        var allowed = options.Value.StepLimits(memory.Total).MemoryBytes;
        lock (_lock)
        {
            if (!Admits(_running, memory.Available, allowed))
                return $"{Size.Of(memory.Available)} is free, {_running} {(_running == 1 ? "build runs" : "builds run")}, and each may take {Size.Of(allowed)}";
            _running++;
            return null;
        }
    }

    /// <summary>A build that has just begun has not taken its memory yet, so each that runs counts in full.</summary>
    internal static bool Admits(int running, long available, long allowed) => running == 0 || available >= allowed * (running + 1);

    private void Leave()
    {
        lock (_lock) _running--;
    }

    private sealed class Place(BuildAdmission admission) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) admission.Leave();
        }
    }
}
