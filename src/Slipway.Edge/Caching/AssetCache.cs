using System.Diagnostics.CodeAnalysis;

namespace Slipway.Edge.Caching;

/// <summary>So many bytes of assets; the longest unused goes first.</summary>
internal sealed class AssetCache(long room)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AssetKey, LinkedListNode<Asset>> _assets = [];
    private readonly LinkedList<Asset> _byUse = [];
    private long _bytes;
    private long _underWay;
    private long _hits;
    private long _misses;

    /// <summary>The largest that is kept: an eighth, so that one file cannot push out all others.</summary>
    public long MaxSize { get; } = room / 8;

    public bool IsOn => room > 0;

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Hits => Interlocked.Read(ref _hits);

    public long Misses => Interlocked.Read(ref _misses);

    public void CountHit() => Interlocked.Increment(ref _hits);

    public void CountMiss() => Interlocked.Increment(ref _misses);

    /// <summary>Copies of answers that slow clients still read, and what waits to be compressed, may take as much again as what is kept. False: there is no more.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _underWay, bytes) <= room) return true;
        GiveBack(bytes);
        return false;
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _underWay, -bytes);

    public bool TryFind(AssetKey key, DateTimeOffset now, [NotNullWhen(true)] out Asset? asset)
    {
        lock (_lock)
        {
            asset = null;
            if (!_assets.TryGetValue(key, out var node)) return false;
            if (node.Value.Until <= now)
            {
                Remove(node);
                return false;
            }

            if (_byUse.First != node)
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }

            asset = node.Value;
            return true;
        }
    }

    public void Keep(Asset asset)
    {
        if (asset.Size > MaxSize) return;
        lock (_lock)
        {
            if (_assets.TryGetValue(asset.Key, out var before)) Remove(before);
            _assets[asset.Key] = _byUse.AddFirst(asset);
            _bytes += asset.Size;
            while (_bytes > room && _byUse.Last is { } last) Remove(last);
        }
    }

    private void Remove(LinkedListNode<Asset> node)
    {
        _byUse.Remove(node);
        _assets.Remove(node.Value.Key);
        _bytes -= node.Value.Size;
    }
}
