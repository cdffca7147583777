namespace Slipway.Core.Certificates;

/// <summary>What the edge shows, found by name: there may be ten thousand. Never changed after it is built.</summary>
public sealed class HeldCertificates
{
    private readonly Dictionary<string, List<HeldCertificate>> _byName = new(StringComparer.Ordinal);

    public HeldCertificates(IEnumerable<HeldCertificate> all)
    {
        foreach (var certificate in all.OrderByDescending(c => c.IsOwn).ThenByDescending(c => c.NotAfter))
        {
            foreach (var name in certificate.Names)
            {
                if (!_byName.TryGetValue(name, out var same)) _byName[name] = same = [];
                same.Add(certificate);
            }
        }
    }

    public static HeldCertificates None { get; } = new([]);

    /// <summary>The valid one that the edge chooses: of its own name before a wildcard's, a person's before ours, then the longest valid.</summary>
    /// <param name="name">A host, or a wildcard, which only the same covers.</param>
    public HeldCertificate? Best(string name, DateTimeOffset now) =>
        Valid(name, now) ?? (name.IndexOf('.') is > 0 and var dot && name[0] != '*' ? Valid($"*{name[dot..]}", now) : null);

    private HeldCertificate? Valid(string name, DateTimeOffset now) => _byName.TryGetValue(name, out var same) ? same.Find(c => c.IsValid(now)) : null;
}
