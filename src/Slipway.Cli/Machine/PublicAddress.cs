using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Slipway.Cli.Machine;

/// <summary>The machine's address as others may reach it.</summary>
internal static class PublicAddress
{
    private static readonly string[] Virtual = ["docker", "br-", "veth", "virbr", "tun", "tap", "wg", "tailscale", "cni", "flannel", "slp-"];

    /// <summary>A public IPv4 when an interface has one, else a private one of a real interface, else null.</summary>
    public static IPAddress? Find()
    {
        var addresses = NetworkInterface.GetAllNetworkInterfaces()
            .Where(n => n.OperationalStatus == OperationalStatus.Up && n.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .Where(n => !Virtual.Any(v => n.Name.StartsWith(v, StringComparison.Ordinal)))
            .SelectMany(n => n.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .Where(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a) && !IsLinkLocal(a))
            .ToList();
        return addresses.FirstOrDefault(a => !IsPrivate(a)) ?? addresses.FirstOrDefault();
    }

    private static bool IsLinkLocal(IPAddress address) => address.GetAddressBytes() is [169, 254, ..];

    private static bool IsPrivate(IPAddress address) => address.GetAddressBytes() is [10, ..] or [172, >= 16 and < 32, ..] or [192, 168, ..] or [100, >= 64 and < 128, ..];
}
