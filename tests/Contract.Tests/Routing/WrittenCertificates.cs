using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Contract.Tests.Routing;

/// <summary>An authority of one test, which writes certificates into a folder as people do.</summary>
internal sealed class WrittenCertificates : IDisposable
{
    private readonly X509Certificate2 _root;

    public WrittenCertificates(string folder)
    {
        Folder = Directory.CreateDirectory(folder).FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Slipway test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
        _root = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    public string Folder { get; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary><c>STEM.pem</c> and <c>STEM-key.pem</c>, whole at once; returns the serial number.</summary>
    public string Write(string stem, string[] names, DateTimeOffset? notAfter = null, string? keySuffix = "-key.pem")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var all = new SubjectAlternativeNameBuilder();
        foreach (var name in names) all.AddDnsName(name);
        request.CertificateExtensions.Add(all.Build());
        using var signed = request.Create(_root, Now.AddDays(-30), notAfter ?? Now.AddDays(60), RandomNumberGenerator.GetBytes(16));
        File.WriteAllText(Path.Combine(Folder, $"{stem}.pem"), signed.ExportCertificatePem() + "\n");
        if (keySuffix is not null) File.WriteAllText(Path.Combine(Folder, stem + keySuffix), key.ExportPkcs8PrivateKeyPem() + "\n");
        return signed.SerialNumber;
    }

    /// <summary>Resolves every name to loopback, trusts this authority alone, and never follows a redirect.</summary>
    /// <param name="seen">Told the serial number of each certificate that a server showed.</param>
    public HttpClient Client(Action<string>? seen = null) => new(Handler(seen));

    public SocketsHttpHandler Handler(Action<string>? seen = null) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (context, ct) =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, ct);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
        SslOptions = new System.Net.Security.SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _root }, RevocationMode = X509RevocationMode.NoCheck },
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
            {
                seen?.Invoke(certificate?.GetSerialNumberString() ?? "");
                return errors == System.Net.Security.SslPolicyErrors.None;
            },
        },
    };

    public void Dispose() => _root.Dispose();
}
