using Slipway.Core.Pipeline.Routing;

namespace Slipway.Edge.Hosts;

/// <summary>One app's address and what is under way to it; outlives the tables that name it.</summary>
internal sealed class Destination(string address)
{
    private int _inFlight;
    private long _requests;
    private long _lastRequestTicks;
    private long _lastWarnedTicks;

    public string Address { get; } = address;

    /// <summary>Without a trailing slash: the request's own target follows.</summary>
    public string Prefix { get; } = "http://" + address;

    public int InFlight => Volatile.Read(ref _inFlight);

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);

    public void Count(DateTimeOffset now)
    {
        Interlocked.Increment(ref _requests);
        Volatile.Write(ref _lastRequestTicks, now.UtcTicks);
    }

    /// <summary>True once in ten seconds: a dead app under load must not fill the log.</summary>
    public bool MayWarn(DateTimeOffset now)
    {
        var last = Volatile.Read(ref _lastWarnedTicks);
        return now.UtcTicks - last > TimeSpan.TicksPerSecond * 10 &&
            Interlocked.CompareExchange(ref _lastWarnedTicks, now.UtcTicks, last) == last;
    }

    public DestinationTraffic Traffic()
    {
        var last = Volatile.Read(ref _lastRequestTicks);
        return new DestinationTraffic(Address, InFlight, Interlocked.Read(ref _requests),
            last == 0 ? null : new DateTimeOffset(last, TimeSpan.Zero));
    }
}
