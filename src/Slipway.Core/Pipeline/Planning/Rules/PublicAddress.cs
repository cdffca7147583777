using System.Net;
using Slipway.Core.Hosting;

namespace Slipway.Core.Pipeline.Planning.Rules;

/// <summary>What rewrites may lead to: addresses of the public internet.</summary>
public static class PublicAddress
{
    private static readonly string[] PrivateNames = ["localhost", "local", "internal", "home.arpa", "lan"];

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return !PrivateRanges.Contain(address);
    }

    /// <summary>Whether a host can be told from its text to be none.</summary>
    /// <param name="host">With or without a port; names in it (<c>:name</c>) are not known yet.</param>
    internal static bool MayBe(string host)
    {
        var name = host.StartsWith('[') ? host[..(host.IndexOf(']') + 1)] : host.Split(':')[0];
        if (host.StartsWith(':')) return true;
        if (IPAddress.TryParse(name, out var address)) return Is(address);
        var plain = name.TrimEnd('.').ToLowerInvariant();
        return plain.Length > 0 && !PrivateNames.Any(p => plain == p || plain.EndsWith($".{p}", StringComparison.Ordinal));
    }
}
