using Slipway.Core.Domains;
using Slipway.Core.Pipeline.Routing;

namespace Slipway.Core.Certificates;

/// <summary>Which names should have a certificate: those of the route table alone, so never one that a stranger made up. Pure.</summary>
public static class CertificateWishes
{
    /// <param name="withWildcard">The base domain's DNS can be written to: one certificate serves all below it.</param>
    /// <param name="isPublic">Others reach the hosts of the base domain.</param>
    public static IReadOnlyList<string> Of(IEnumerable<Route> routes, string baseDomain, bool withWildcard, bool isPublic)
    {
        var hosts = routes.Where(r => r.Kind != RouteKind.Ended && !DomainName.IsUnder(r.Host, "localhost")).Select(r => r.Host).ToLookup(h => DomainName.IsUnder(h, baseDomain));
        var ofBase = !isPublic || DomainName.IsUnder(baseDomain, "localhost") ? [] : withWildcard ? [$"*.{baseDomain}"] : hosts[true].Where(h => !IsPreview(h, baseDomain));
        return [.. hosts[false].Concat(ofBase)];
    }

    /// <summary>There is one for every deployment: too many to ask for.</summary>
    private static bool IsPreview(string host, string baseDomain)
    {
        const string Mark = "-preview";
        var label = host[..^Math.Min(host.Length, baseDomain.Length + 1)];
        return label.Length == 8 + Mark.Length && label.EndsWith(Mark, StringComparison.Ordinal) && label[..8].All(char.IsAsciiHexDigitLower);
    }
}
