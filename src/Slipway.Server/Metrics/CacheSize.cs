using Slipway.Core.Metrics;
using Slipway.Docker;

namespace Slipway.Server.Metrics;

/// <summary>What the engine's store takes. To add it up takes an engine a while, so nobody waits for it: each look gets the last answer, and an old one asks for the next.</summary>
internal sealed class CacheSize(EngineProbe engine, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    private readonly Lock _one = new();
    private Task<EngineUsage?>? _asked;
    private long _askedAt;
    private EngineUsage? _known;

    public IReadOnlyList<Reading> Read()
    {
        lock (_one)
        {
            if (_asked is { IsCompletedSuccessfully: true, Result: { } answer }) _known = answer;
            if (_asked is null || (_asked.IsCompleted && time.GetElapsedTime(_askedAt) > Fresh)) (_asked, _askedAt) = (engine.UsageAsync(CancellationToken.None), time.GetTimestamp());
            return _known is { } known ? [Reading.Of(known.OwnImageBytes, "kind", "images"), Reading.Of(known.BuildCacheBytes, "kind", "cache")] : [];
        }
    }
}
