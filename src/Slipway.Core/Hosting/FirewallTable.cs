using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Slipway.Core.Hosting;

/// <summary>
/// Rules → text for <c>nft -f -</c>. Pure. One table of our own, in front of everybody else's chains: a drop there is final, an
/// accept is not, so it composes with what the user has, and Docker's chains stay untouched.
/// </summary>
/// <remarks>
/// TCP is refused by a reset: a plain reject sends ICMP, which the kernel rate-limits, so a build that probes would wait a second
/// for each refusal. What an app or a build begins is looked at packet by packet, so that a way that is closed ends what went on it;
/// only answers to what others began pass as such. The table is created, deleted and created again, which nft does as one change whether it was there or not.
/// </remarks>
public static partial class FirewallTable
{
    public static string Render(FirewallRules rules)
    {
        var names = new HomeNames(Checked(HomeIds(), rules.HomeId));
        var (table, projects) = (names.FirewallTable, $"\"{names.ProjectDevices}*\"");
        return $$"""
            table inet {{table}}
            delete table inet {{table}}
            table inet {{table}} {
              set private4 { type ipv4_addr; flags interval;{{Elements(PrivateRanges.V4.Select(range => range.ToString()))}} }
              set private6 { type ipv6_addr; flags interval;{{Elements(PrivateRanges.V6.Select(range => range.ToString()))}} }
              set never4 { type ipv4_addr; flags interval;{{Elements(PrivateRanges.Never.Select(range => range.ToString()))}} }
              set dns4 { type ipv4_addr;{{Elements(V4(rules.Nameservers))}} }
              set allowed4 { type ipv4_addr . inet_service;{{Elements(Endpoints(rules.Allowed))}} }
              set ways4 { type ifname . ipv4_addr . inet_service;{{Elements(Ways(rules.Ways))}} }
              set others4 { type ipv4_addr;{{Elements(V4(rules.Others))}} }
              set fenced { type ifname;{{Elements(rules.FencedInterfaces.Select(Quoted).Distinct().Order(StringComparer.Ordinal))}} }
              chain guest {
                ct direction reply ct state established,related accept
                ip daddr @dns4 meta l4proto { tcp, udp } th dport 53 accept
                ip daddr . tcp dport @allowed4 accept
                meta l4proto tcp fib daddr type local counter reject with tcp reset
                meta l4proto tcp ip daddr @never4 counter reject with tcp reset
                meta l4proto tcp oifname @fenced counter reject with tcp reset
                meta l4proto tcp oifname {{projects}} counter reject with tcp reset
                iifname . ip daddr . tcp dport @ways4 accept
                meta l4proto tcp ip daddr @private4 counter reject with tcp reset
                meta l4proto tcp ip6 daddr @private6 counter reject with tcp reset
                fib daddr type local counter reject
                ip daddr @private4 counter reject
                ip6 daddr @private6 counter reject
              }
              chain forward {
                type filter hook forward priority filter - 10; policy accept;
                iifname {{Quoted(rules.SharedInterface)}} ip saddr @others4 accept
                iifname @fenced jump guest
                iifname {{projects}} jump guest
              }
              chain input {
                type filter hook input priority filter - 10; policy accept;
                iifname {{Quoted(rules.SharedInterface)}} ip saddr @others4 accept
                iifname @fenced jump guest
                iifname {{projects}} jump guest
                iifname @fenced counter reject
                iifname {{projects}} counter reject
              }
            }

            """;
    }

    // Sorted and without doubles, so that the same rules are the same text. An empty set has no elements line.
    private static string Elements(IEnumerable<string> elements) =>
        string.Join(", ", elements) is { Length: > 0 } list ? $" elements = {{ {list} }}" : "";

    private static IEnumerable<string> V4(IEnumerable<IPAddress> addresses) =>
        addresses.Where(IsV4).Select(address => address.ToString()).Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> Endpoints(IEnumerable<IPEndPoint> endpoints) =>
        endpoints.Where(endpoint => IsV4(endpoint.Address)).Select(endpoint => $"{endpoint.Address} . {endpoint.Port}")
            .Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> Ways(IEnumerable<OpenWay> ways) =>
        ways.Where(way => IsV4(way.To.Address)).Select(way => $"{Quoted(way.Device)} . {way.To.Address} . {way.To.Port}").Distinct().Order(StringComparer.Ordinal);

    private static bool IsV4(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork;

    private static string Quoted(string device) => $"\"{Checked(Devices(), device)}\"";

    // The text is a program for root: nothing that could end a word gets in.
    private static string Checked(Regex allowed, string text) =>
        allowed.IsMatch(text) ? text : throw new ArgumentException($"'{text}' can't be a name in the firewall's table.", nameof(text));

    [GeneratedRegex(@"\A[0-9a-f]{8,32}\z")]
    private static partial Regex HomeIds();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,14}\z")]
    private static partial Regex Devices();
}
