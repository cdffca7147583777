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
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
            "::/127", "fc00::/7", "fe80::/10", "ff00::/8", "64:ff9b::/96", "2002::/16",
        }.Select(IPNetwork.Parse),
    ];

    public bool IsListed(GitUrl url, IPAddress? address = null) => options.Value.AllowPrivate.Any(a =>
        string.Equals(a, url.Host, StringComparison.OrdinalIgnoreCase) || string.Equals(a, $"{url.Host}:{url.Port}", StringComparison.OrdinalIgnoreCase)
        || (address is not null && IPAddress.TryParse(a, out var one) && one.Equals(address)) || (address is not null && IPNetwork.TryParse(a, out var net) && net.Contains(address)));

    /// <summary>The address to connect to, looked up once, so that a second answer of the name server cannot lead elsewhere.</summary>
    public async Task<Outcome<IPAddress>> ResolveAsync(GitUrl url, CancellationToken ct)
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

        return addresses.Length > 0 ? addresses[0] : new Failure("fetch.unreachable", $"the host {url.Host} has no address");
    }

    private static bool IsPrivate(IPAddress address) => Private.Any(n => n.Contains(address));
}
