using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Slipway.Cli.Stack;

/// <summary>The stack's own authority, and what it signs: nobody outside trusts it, and it trusts nobody outside.</summary>
internal sealed class StackAuthority(StackFolder folder, TimeProvider time)
{
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan Life = TimeSpan.FromDays(825);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(90);

    private string CertificateFile => Path.Combine(folder.Originals, "ca.pem");

    private string KeyFile => Path.Combine(folder.Originals, "ca-key.pem");

    public string Certificate => File.ReadAllText(CertificateFile);

    /// <summary>Makes the authority, and every certificate that is missing or ends soon.</summary>
    public void Ensure()
    {
        if (!File.Exists(KeyFile) || !File.Exists(CertificateFile)) MakeAuthority();
        using var authority = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
        foreach (var host in (string[])["postgres", "nats", "buildkit"]) Ensure(authority, host, isServer: true);
        foreach (var user in (string[])["control", "worker"]) Ensure(authority, user, isServer: false);
    }

    public (string Certificate, string Key) Of(string name) => (File.ReadAllText(PathOf(name, "")), File.ReadAllText(PathOf(name, "-key")));

    private string PathOf(string name, string suffix) => Path.Combine(folder.Originals, $"{name}{suffix}.pem");

    private void MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Slipway stack", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddHours(-1), now + AuthorityLife);
        Write(KeyFile, key.ExportPkcs8PrivateKeyPem());
        Write(CertificateFile, made.ExportCertificatePem());
    }

    private void Ensure(X509Certificate2 authority, string name, bool isServer)
    {
        if (File.Exists(PathOf(name, "")) && File.Exists(PathOf(name, "-key")))
        {
            using var present = X509CertificateLoader.LoadCertificateFromFile(PathOf(name, ""));
            if (present.NotAfter > (time.GetUtcNow() + RenewBefore).UtcDateTime) return;
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (isServer) names.AddDnsName("localhost");
        if (isServer) names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(isServer ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], false));
        var now = time.GetUtcNow();
        var end = now + Life < authority.NotAfter ? now + Life : new DateTimeOffset(authority.NotAfter);
        using var made = request.Create(authority, now.AddHours(-1), end, RandomNumberGenerator.GetBytes(16));
        Write(PathOf(name, "-key"), key.ExportPkcs8PrivateKeyPem());
        Write(PathOf(name, ""), made.ExportCertificatePem());
    }

    private static void Write(string path, string pem) => FileOwner.Write(path, System.Text.Encoding.ASCII.GetBytes(pem + "\n"), 0, 0);
}
