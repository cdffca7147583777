namespace Slipway.Edge;

/// <summary>Something else listens on the public port.</summary>
public sealed class EdgePortTakenException(int port, string? holder, Exception? inner = null, string setting = "SLIPWAY_PORT")
    : Exception($"Port {port} is in use{(holder is null ? "" : $" by {holder}")}. Stop it, or choose another port with {setting}.", inner)
{
    public int Port { get; } = port;
}
