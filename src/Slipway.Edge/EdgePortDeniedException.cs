namespace Slipway.Edge;

/// <summary>The system does not let this user open the public port.</summary>
public sealed class EdgePortDeniedException(int port, Exception? inner = null)
    : Exception($"Port {port} may not be opened by this user. Choose a port from 1024 up with SLIPWAY_PORT, or allow it (sysctl net.ipv4.ip_unprivileged_port_start={port}).", inner)
{
    public int Port { get; } = port;
}
