using Slipway.Core.Certificates;
using Slipway.Core.Domains;

namespace Slipway.Server.Hosting.Certificates;

/// <summary>Which hosts the edge serves over TLS, as it said last; links are written by it.</summary>
internal sealed class SecureHosts(TimeProvider time)
{
    private volatile Seen _seen = new(0, HeldCertificates.None);

    /// <summary>The edge's TLS port as visitors see it; null: that host has no certificate that is valid.</summary>
    public int? PortOf(string host) =>
        _seen is { Port: > 0 } seen && !DomainName.IsUnder(host, "localhost") && Best(host) is not null ? seen.Port : null;

    /// <summary>The edge listens for TLS at all.</summary>
    public bool IsServed => _seen.Port > 0;

    public HeldCertificate? Best(string host) => _seen.Held.Best(host, time.GetUtcNow());

    public void See(int port, HeldCertificates held) => _seen = new(port, held);

    private sealed record Seen(int Port, HeldCertificates Held);
}
