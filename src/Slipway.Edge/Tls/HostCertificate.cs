using System.Net.Security;
using System.Security.Authentication;

namespace Slipway.Edge.Tls;

/// <summary>A certificate that is ready to be shown, with its chain.</summary>
/// <param name="Names">Lower case; <c>*.example.com</c> too.</param>
/// <param name="IsOwn">A person put it there.</param>
internal sealed record HostCertificate(
    CertificatePair Files, IReadOnlyList<string> Names, DateTimeOffset NotBefore, DateTimeOffset NotAfter, bool IsOwn, SslStreamCertificateContext Context)
{
    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    public bool IsValid(DateTimeOffset now) => NotBefore <= now && now < NotAfter;

    public SslServerAuthenticationOptions Options() => new() { ServerCertificateContext = Context, EnabledSslProtocols = SslProtocols.None, ApplicationProtocols = Protocols };
}
