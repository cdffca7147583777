using Slipway.Core;

namespace Slipway.Edge.Sleeping;

/// <summary>
/// A deployment that sleeps by the table: whether somebody wants it, and the one thaw that all its requests share. It is the same from
/// table to table for as long as each says asleep, so that no table can make it forget a want.
/// </summary>
internal sealed class Sleeper(DeploymentId deployment)
{
    // Long enough for a crowd to share one; short enough for the next request to see to a freeze that came late.
    private static readonly TimeSpan _goodFor = TimeSpan.FromMilliseconds(250);

    private readonly Lock _one = new();
    private Task<bool> _thaw = Task.FromResult(false);
    private long _thawedAt;
    private int _isWanted;
    private long _wantNumber;
    private volatile string? _freezer;

    public DeploymentId Deployment { get; } = deployment;

    /// <summary>The cgroup; null where only the control plane can wake it.</summary>
    public string? Freezer
    {
        get => _freezer;
        set => _freezer = value;
    }

    /// <summary>Of <see cref="WantBoard"/>; 0 while nobody wants it.</summary>
    public long WantNumber
    {
        get => Volatile.Read(ref _wantNumber);
        set => Volatile.Write(ref _wantNumber, value);
    }

    public bool IsWanted => Volatile.Read(ref _isWanted) != 0;

    /// <summary>True for the first that wants it.</summary>
    public bool Want() => Interlocked.Exchange(ref _isWanted, 1) == 0;

    /// <summary>True: it runs. The caller has said before that it is wanted.</summary>
    public Task<bool> ThawAsync(CompanionLine companion, TimeProvider time)
    {
        if (Freezer is not { } freezer) return Task.FromResult(false);
        lock (_one)
        {
            if (!_thaw.IsCompleted || (_thaw is { IsCompletedSuccessfully: true, Result: true } && time.GetElapsedTime(_thawedAt) < _goodFor)) return _thaw;
            _thawedAt = time.GetTimestamp();
            return _thaw = companion.ThawAsync(freezer);
        }
    }
}
