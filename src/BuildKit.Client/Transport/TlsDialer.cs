using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace BuildKit.Client.Transport;

/// <summary>TLS as grpc-go speaks it: ALPN h2, our own authorities instead of the machine's, a certificate of ours.</summary>
internal sealed class TlsDialer(BuildKitTls tls, string host)
{
    public async Task<Stream> EncryptAsync(Stream stream, CancellationToken ct)
    {
        var secured = new SslStream(stream);
        try
        {
            await secured.AuthenticateAsClientAsync(Options(), ct);
            return secured;
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    private SslClientAuthenticationOptions Options()
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = tls.ServerName ?? host,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ClientCertificateContext = tls.ClientCertificate is { } own ? SslStreamCertificateContext.Create(own, additionalCertificates: null, offline: true) : null,
        };
        if (tls.Authorities is null) return options;
        options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        options.CertificateChainPolicy.CustomTrustStore.AddRange(tls.Authorities);
        return options;
    }
}
