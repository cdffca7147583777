namespace Slipway.Nats;

/// <summary>The NATS server cannot be used as it is set; the message says which setting or what on the server, and what to do.</summary>
public sealed class NatsStartException(string message, Exception? cause = null) : Exception(message, cause);
