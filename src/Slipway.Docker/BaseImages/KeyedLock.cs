using System.Collections.Concurrent;

namespace Slipway.Docker.BaseImages;

/// <summary>One holder per key; keys are few (a tag each) and never forgotten.</summary>
internal sealed class KeyedLock<T> where T : notnull
{
    private readonly ConcurrentDictionary<T, SemaphoreSlim> _gates = new();

    public async Task<IDisposable> TakeAsync(T key, CancellationToken ct)
    {
        var gate = _gates.GetOrAdd(key, _ => new(1, 1));
        await gate.WaitAsync(ct);
        return new Holder(gate);
    }

    private sealed class Holder(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
