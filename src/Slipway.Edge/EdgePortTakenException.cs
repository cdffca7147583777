namespace Slipway.Edge;

/// <summary>Something else listens on the public port.</summary>
public sealed class EdgePortTakenException(int port, string? holder, Exception? inner = null)
    : Exception($"Port {port} is in use{(holder is null ? "" : $" by {holder}")}. Stop it, or choose another port with SLIPWAY_PORT.", inner)
{
    public int Port { get; } = port;
}
