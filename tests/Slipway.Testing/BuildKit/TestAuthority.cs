using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Slipway.Testing.BuildKit;

/// <summary>An authority of one test, a server's and a client's certificate by it, as PEM files too.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bkca").FullName;

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name} authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Root = request.CreateSelfSigned(From, From.AddYears(1));
        File.WriteAllText(RootFile, Root.ExportCertificatePem());
        Server = Sign("server", "1.3.6.1.5.5.7.3.1");
        Client = Sign("client", "1.3.6.1.5.5.7.3.2");
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Client { get; }

    public string RootFile => Path.Combine(_folder, "ca.pem");

    public string ClientFile => Path.Combine(_folder, "client.pem");

    public string ClientKeyFile => Path.Combine(_folder, "client-key.pem");

    private static DateTimeOffset From => TimeProvider.System.GetUtcNow().AddDays(-1);

    public void Dispose()
    {
        Root.Dispose();
        Server.Dispose();
        Client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private X509Certificate2 Sign(string name, string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("buildkitd.test");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(Root, From, From.AddMonths(6), RandomNumberGenerator.GetBytes(16));
        if (name == "client")
        {
            File.WriteAllText(ClientFile, signed.ExportCertificatePem());
            File.WriteAllText(ClientKeyFile, key.ExportPkcs8PrivateKeyPem());
        }

        return signed.CopyWithPrivateKey(key);
    }
}
