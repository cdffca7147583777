namespace Slipway.Edge.Hosts;

/// <summary>A request's hold on what it looked up; the destination is counted in flight until disposed.</summary>
internal readonly struct Visit(HostEntry? entry, Destination? destination) : IDisposable
{
    /// <summary>Null for an unknown host.</summary>
    public HostEntry? Entry { get; } = entry;

    /// <summary>Null when nothing is there to forward to.</summary>
    public Destination? Destination { get; } = destination;

    public void Dispose()
    {
        if (Destination is not { } destination) return;
        destination.Leave();
        Entry?.Use?.Leave();
    }
}
