using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Slipway.Core.Hosting;

namespace Slipway.Core.Projects;

/// <summary>One way out that a project's apps have in spite of the fence: an address of a private network, and one TCP port.</summary>
/// <param name="Address">IPv4, as text.</param>
public sealed record Way(string Address, int Port, DateTimeOffset CreatedAt)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");
}

/// <summary>Which ways may be opened. Pure; the fence refuses the same, whatever was let in here.</summary>
public static class WayRules
{
    public const int Most = 32;

    private const string Write = "write an IPv4 address and a port: 10.0.0.5:5432";

    /// <param name="own">This host's addresses, as far as they can be seen from here.</param>
    /// <param name="bridges">The networks of its bridges, in which apps and containers are.</param>
    public static Outcome<IPEndPoint> Check(string? text, IReadOnlyCollection<IPAddress> own, IReadOnlyCollection<IPNetwork> bridges)
    {
        var parsed = Parse(text ?? "");
        if (parsed.IsFailure(out _)) return parsed;
        var (address, shown) = (parsed.Value.Address, parsed.Value);
        if (PrivateRanges.Never.Any(range => range.Contains(address)))
            return Refused($"{shown} is never opened: metadata, loopback, link-local and multicast addresses lead to this machine, or to what it is trusted with", "name a machine of your private network");
        if (own.Contains(address)) return Refused($"{address} is this host itself, on which Slipway and other people's services listen", "let the app reach a service on another machine; Slipway:Host:Allowed opens a port of this host to all apps and builds");
        if (bridges.Any(network => network.Contains(address))) return Refused($"{address} is in a network of containers on this host, where other apps are", "name a machine of your private network");
        return PrivateRanges.Contain(address)
            ? parsed : new Failure("allow.not_needed", $"{address} is a public address, and apps reach those without leave", "nothing has to be opened");
    }

    /// <summary><c>10.0.0.5:5432</c>.</summary>
    public static Outcome<IPEndPoint> Parse(string text)
    {
        if (text.Split(':') is not [var host, var number])
            return text.Count(c => c == ':') > 1 ? Invalid($"'{text}' is no IPv4 address with a port; apps have IPv4 only") : Invalid($"'{text}' names no port");
        if (!ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0) return Invalid($"'{number}' is no port");
        // .NET takes 10.1 and 0x0a000001 for addresses too.
        if (IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == host) return new IPEndPoint(address, port);
        return new Failure("allow.address_invalid", $"'{host}' is no IPv4 address; a name may lead elsewhere tomorrow, so it cannot be opened", $"look its address up (getent ahostsv4 {(host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-') && host.Length > 0 ? host : "NAME")}), and {Write}");
    }

    private static Failure Invalid(string message) => new("allow.address_invalid", message, Write);

    private static Failure Refused(string message, string hint) => new("allow.address_refused", message, hint);
}
