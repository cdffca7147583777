namespace Slipway.Edge.Hosts;

/// <summary>Requests of one host since the edge started; kept while the host stays in the table.</summary>
internal sealed class HostCounter
{
    private long _requests;
    private long _failures;

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Answered by the edge itself because the app did not.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    public void CountRequest() => Interlocked.Increment(ref _requests);

    public void CountFailure() => Interlocked.Increment(ref _failures);
}
