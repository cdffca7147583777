using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Pipeline.Sourcing;

namespace Slipway.Git;

/// <summary>Which addresses may be fetched from: public ones, and what <see cref="SourceOptions.AllowPrivate"/> lists.</summary>
internal sealed class AddressRule(IOptions<SourceOptions> options)
{
    private static readonly IPNetwork[] Private =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
            // The last ones carry an IPv4 address in them, which a gateway may unwrap.
            "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16",
        }.Select(IPNetwork.Parse),
    ];

    public bool IsListed(GitUrl url, IPAddress? address = null) => options.Value.AllowPrivate.Any(a =>
        string.Equals(a, url.Host, StringComparison.OrdinalIgnoreCase) || string.Equals(a, $"{url.Host}:{url.Port}", StringComparison.OrdinalIgnoreCase)
        || (address is not null && IPAddress.TryParse(a, out var one) && one.Equals(address)) || (address is not null && IPNetwork.TryParse(a, out var net) && net.Contains(address)));

    /// <summary>The addresses to connect to, looked up once, so that a second answer of the name server cannot lead elsewhere. One bad address refuses all.</summary>
    public async Task<Outcome<IPAddress[]>> ResolveAsync(GitUrl url, CancellationToken ct)
    {
        IPAddress[] found;
        try
        {
            found = await Dns.GetHostAddressesAsync(url.Host, ct);
        }
        catch (SocketException e)
        {
            return new Failure("fetch.unreachable", $"the host {url.Host} cannot be found: {e.Message}", "check the address's spelling and this machine's name server");
        }

        var addresses = found.Select(a => a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a).ToArray();
        if (addresses.FirstOrDefault(a => IsPrivate(a) && !IsListed(url, a)) is { } bad)
        {
            return new Failure("fetch.url_private", $"{url.Host} is the private address {bad}", $"to allow it, list it in the setting Sources:AllowPrivate (for example \"{url.Host}:{url.Port}\")");
        }

        if (addresses.Length == 0) return new Failure("fetch.unreachable", $"the host {url.Host} has no address", "check the address's spelling and this machine's name server");
        if (url.Scheme == "http" && !addresses.All(a => IsListed(url, a)))
        {
            return new Failure("fetch.url_invalid", "plain http is not allowed, since anyone on the way could change the code", "use https");
        }

        return addresses;
    }

    private static bool IsPrivate(IPAddress address) => Private.Any(n => n.Contains(address));
}
