using System.Threading.Channels;

namespace Slipway.Core.Signals;

/// <summary>Tells listeners that there is something to look at, never what. Rings while nobody waits are kept as one.</summary>
public sealed class Doorbell<TKey> where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, List<Listener>> _listeners = [];

    /// <summary>Listen first, look second: then nothing that comes between is missed.</summary>
    public Listener Listen(TKey key)
    {
        var listener = new Listener(this, key);
        lock (_gate)
        {
            if (!_listeners.TryGetValue(key, out var all)) _listeners[key] = all = [];
            all.Add(listener);
        }

        return listener;
    }

    public void Ring(TKey key)
    {
        lock (_gate)
        {
            if (!_listeners.TryGetValue(key, out var all)) return;
            foreach (var listener in all) listener.Ring();
        }
    }

    private void Remove(Listener listener)
    {
        lock (_gate)
        {
            if (!_listeners.TryGetValue(listener.Key, out var all)) return;
            all.Remove(listener);
            if (all.Count == 0) _listeners.Remove(listener.Key);
        }
    }

    /// <summary>One who waits at the door; for one waiter at a time.</summary>
    public sealed class Listener : IDisposable
    {
        private readonly Doorbell<TKey> _bell;
        private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        internal Listener(Doorbell<TKey> bell, TKey key) => (_bell, Key) = (bell, key);

        internal TKey Key { get; }

        /// <summary>Returns at a ring since the last wait, or after <paramref name="atMost"/>.</summary>
        public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken ct)
        {
            // The timer rings the same bell: no second wait to race with and no timeout exception to pay for.
            await using var timer = time.CreateTimer(static me => ((Listener)me!).Ring(), this, atMost, Timeout.InfiniteTimeSpan);
            await _rings.Reader.ReadAsync(ct);
        }

        public void Dispose() => _bell.Remove(this);

        internal void Ring() => _rings.Writer.TryWrite(true);
    }
}
