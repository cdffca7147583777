using Slipway.Core.Pipeline.Routing;

namespace Slipway.Edge.Tls;

/// <summary>Which certificate a host is shown: one of its own name before a wildcard's, a valid one before one that is not, a person's before an automatic one, then the longest valid. Never changed after it is built.</summary>
internal sealed class CertificateTable
{
    private readonly Dictionary<string, HostCertificate> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, HostCertificate>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public CertificateTable(IReadOnlyCollection<HostCertificate> certificates, DateTimeOffset now)
    {
        foreach (var certificate in certificates.OrderByDescending(c => c.IsValid(now)).ThenByDescending(c => c.IsOwn).ThenByDescending(c => c.NotAfter))
            foreach (var name in certificate.Names) _byName.TryAdd(name.StartsWith("*.", StringComparison.Ordinal) ? name[1..] : name, certificate);
        _lookup = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <param name="host">As a client names it; with a port or without.</param>
    public HostCertificate? Find(ReadOnlySpan<char> host)
    {
        if (_byName.Count == 0) return null;
        var name = HostName.WithoutPort(host);
        // A wildcard is kept with its dot in front, which no host name has.
        if (name.StartsWith('.')) return null;
        if (_lookup.TryGetValue(name, out var exact)) return exact;
        var dot = name.IndexOf('.');
        return dot > 0 && _lookup.TryGetValue(name[dot..], out var wildcard) ? wildcard : null;
    }
}
