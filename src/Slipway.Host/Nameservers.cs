using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Slipway.Host;

/// <summary>Which nameservers the engine gives to containers, by its own rules. Pure.</summary>
internal static class Nameservers
{
    // What the engine falls back to when the host names none that a container could reach.
    private static readonly IPAddress[] Fallback = [IPAddress.Parse("8.8.8.8"), IPAddress.Parse("8.8.4.4")];
    private static readonly IPAddress ResolvedStub = IPAddress.Parse("127.0.0.53");

    /// <param name="daemonJson">The engine's configuration: its <c>dns</c> wins over the host's.</param>
    /// <param name="resolvConf">/etc/resolv.conf.</param>
    /// <param name="resolvedConf">systemd-resolved's list of the real servers, taken when the host names only its stub.</param>
    public static IReadOnlyList<IPAddress> OfEngine(string? daemonJson, string? resolvConf, string? resolvedConf)
    {
        if (Configured(daemonJson) is { Count: > 0 } configured) return configured;

        var servers = Parse(resolvConf);
        if (servers is [var only] && only.Equals(ResolvedStub)) servers = Parse(resolvedConf);
        var reachable = servers.Where(server => server.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(server)).ToList();
        return reachable is [] ? Fallback : reachable;
    }

    internal static List<IPAddress> Parse(string? resolvConf) =>
    [
        .. (resolvConf ?? "").Split('\n')
            .Select(line => line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries))
            .Select(words => words is ["nameserver", var text, ..] && IPAddress.TryParse(text, out var address) ? address : null)
            .OfType<IPAddress>(),
    ];

    private static List<IPAddress> Configured(string? daemonJson)
    {
        try
        {
            using var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(daemonJson) ? "{}" : daemonJson);
            return document.RootElement.TryGetProperty("dns", out var dns) && dns.ValueKind == JsonValueKind.Array
                ? [.. dns.EnumerateArray().Select(entry => IPAddress.TryParse(entry.ToString(), out var address) ? address : null).OfType<IPAddress>()]
                : [];
        }
        catch (JsonException)
        {
            // The engine would not start with it either.
            return [];
        }
    }
}
