using System.Net;

namespace Slipway.Core.Hosting;

/// <summary>Addresses that are not of the public internet: what a build or an app has no business to reach unless it is allowed by name.</summary>
public static class PrivateRanges
{
    public static IReadOnlyList<IPNetwork> V4 { get; } =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>What is opened to no project: this machine, its link, the clouds' metadata, and what is no single machine.</summary>
    public static IReadOnlyList<IPNetwork> Never { get; } =
        [.. new[] { "0.0.0.0/8", "100.100.100.200/32", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "224.0.0.0/4", "240.0.0.0/4" }.Select(IPNetwork.Parse)];

    /// <summary>Among them 64:ff9b::/96 and 2002::/16, which carry IPv4 addresses inside.</summary>
    public static IReadOnlyList<IPNetwork> V6 { get; } =
        [.. new[] { "::/127", "fc00::/7", "fe80::/10", "ff00::/8", "64:ff9b::/96", "2002::/16" }.Select(IPNetwork.Parse)];

    public static bool Contain(IPAddress address) => V4.Concat(V6).Any(range => range.Contains(address));
}
