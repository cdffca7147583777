using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Slipway.Core;
using Slipway.Core.Certificates;

namespace Slipway.Testing.InMemory;

/// <summary>Signs what it is asked for, unless it is away or the name is not proved.</summary>
public sealed class InMemoryCertificateAuthority(TimeProvider time) : ICertificateAuthority
{
    public bool IsUp { get; set; } = true;

    /// <summary>Names that are not ours.</summary>
    public HashSet<string> Strangers { get; } = [];

    public Task<Outcome<Secret>> ObtainAsync(string name, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!IsUp) return Task.FromResult<Outcome<Secret>>(new Failure(CertificateFailures.AuthorityAway, "it does not answer", "see that it runs"));
        if (Strangers.Contains(name)) return Task.FromResult<Outcome<Secret>>(new Failure(CertificateFailures.NotProved, $"{name} is not yours", "point it here"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(time.GetUtcNow(), time.GetUtcNow().AddDays(90));
        return Task.FromResult<Outcome<Secret>>(new Secret($"{made.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n"));
    }
}
