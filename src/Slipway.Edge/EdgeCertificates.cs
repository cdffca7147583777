namespace Slipway.Edge;

/// <summary>What <c>GET /certificates</c> on the admin socket answers.</summary>
/// <param name="Port">The TLS port as visitors see it; 0: no TLS.</param>
public sealed record EdgeCertificates(int Port, IReadOnlyList<EdgeCertificate> Certificates);

/// <param name="Names">Hosts and wildcards that it is for; none when it was never readable.</param>
/// <param name="Fault">What is wrong with the file; null: nothing.</param>
/// <param name="IsOwn">A person put it there.</param>
public sealed record EdgeCertificate(string File, IReadOnlyList<string> Names, DateTimeOffset? NotBefore, DateTimeOffset? NotAfter, string? Fault, bool IsOwn);
