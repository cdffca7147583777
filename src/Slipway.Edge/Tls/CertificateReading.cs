using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Core.Pipeline.Routing;

namespace Slipway.Edge.Tls;

/// <summary>Files to a certificate, or why they are none in words that name the file.</summary>
internal static class CertificateReading
{
    public static (HostCertificate? Certificate, string? Fault) Read(CertificatePair files, bool isOwn)
    {
        if (!File.Exists(files.Key)) return (null, $"its key {files.Key} is not there");
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(files.Certificate);
            if (chain.Count == 0) return (null, "it holds no certificate in PEM form");
            var keyText = File.ReadAllText(files.Key);
            if (!keyText.Contains("PRIVATE KEY-----", StringComparison.Ordinal)) return (null, files.Key == files.Certificate ? "it holds no private key, and no file of its name with -key.pem is beside it" : $"{files.Key} holds no private key in PEM form");
            var leaf = X509Certificate2.CreateFromPem(File.ReadAllText(files.Certificate), keyText);
            var names = Names(leaf);
            if (names.Count == 0) return (null, "it is for no host name (subjectAltName)");
            chain.RemoveAt(0);
            var context = SslStreamCertificateContext.Create(leaf, chain, offline: true);
            return (new HostCertificate(files, names, leaf.NotBefore, leaf.NotAfter, isOwn, context), null);
        }
        catch (ArgumentException)
        {
            return (null, $"the key {files.Key} belongs to another certificate");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or AsnContentException)
        {
            return (null, e.Message);
        }
    }

    private static List<string> Names(X509Certificate2 leaf) =>
        [.. leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames()).Select(Normal).OfType<string>().Distinct()];

    private static string? Normal(string name)
    {
        var isWildcard = name.StartsWith("*.", StringComparison.Ordinal);
        return HostName.TryNormalize(isWildcard ? name[2..] : name, out var host) ? isWildcard ? $"*.{host}" : host : null;
    }
}
