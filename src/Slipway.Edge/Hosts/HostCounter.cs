namespace Slipway.Edge.Hosts;

/// <summary>Requests of one host since the edge started; kept while the host stays in the table.</summary>
internal sealed class HostCounter
{
    private long _requests;
    private long _failures;

    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Requests that the app did not answer, or not to the end.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    public void CountRequest() => Interlocked.Increment(ref _requests);

    public void CountFailure() => Interlocked.Increment(ref _failures);
}
