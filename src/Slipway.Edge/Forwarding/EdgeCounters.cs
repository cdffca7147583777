namespace Slipway.Edge.Forwarding;

/// <summary>Totals since the edge started.</summary>
internal sealed class EdgeCounters
{
    private long _requests;
    private long _unknownHosts;
    private long _refused;
    private long _retries;

    public long Requests => Interlocked.Read(ref _requests);

    public long UnknownHosts => Interlocked.Read(ref _unknownHosts);

    public long Refused => Interlocked.Read(ref _refused);

    public long Retries => Interlocked.Read(ref _retries);

    public void CountRequest() => Interlocked.Increment(ref _requests);

    public void CountUnknownHost() => Interlocked.Increment(ref _unknownHosts);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    public void CountRetry() => Interlocked.Increment(ref _retries);
}
