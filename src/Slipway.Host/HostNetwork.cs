using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.Hosting;

namespace Slipway.Host;

/// <summary>What of this host's network the fence must know.</summary>
internal sealed class HostNetwork(IOptions<HostOptions> options, TimeProvider time, ILogger<HostNetwork> log)
{
    public async Task<FirewallRules> RulesAsync(string homeId, CancellationToken ct) => new()
    {
        HomeId = homeId,
        FencedInterfaces = [options.Value.BuildInterface, new HomeNames(homeId).ServeDevice],
        SharedInterface = options.Value.BuildInterface,
        Nameservers = Nameservers.OfEngine(
            await ReadAsync("/etc/docker/daemon.json", ct), await ReadAsync("/etc/resolv.conf", ct), await ReadAsync("/run/systemd/resolve/resolv.conf", ct)),
        Allowed = await AllowedAsync(ct),
    };

    private async Task<IReadOnlyList<IPEndPoint>> AllowedAsync(CancellationToken ct)
    {
        var wanted = options.Value.Allowed.Select(Endpoint).ToList();
        foreach (var text in await SettingsAsync(ct)) wanted.AddRange(PackageSources.In(text));

        using var timer = new CancellationTokenSource(options.Value.ResolveTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        var own = OwnAddresses();
        var resolved = await Task.WhenAll(wanted.Distinct().Select(host => ResolveAsync(host, own, both.Token)));
        ct.ThrowIfCancellationRequested();
        return [.. resolved.SelectMany(endpoints => endpoints).Distinct()];
    }

    /// <summary>Its addresses that the fence would refuse: private ones, and the host's own. A public one needs no leave.</summary>
    private async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(DnsEndPoint host, HashSet<IPAddress> own, CancellationToken ct)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host.Host, AddressFamily.InterNetwork, ct);
            var refused = addresses.Where(address => !IPAddress.IsLoopback(address) && (PrivateRanges.Contain(address) || own.Contains(address))).ToList();
            refused.ForEach(address => log.Opened(host.Host, host.Port, address.ToString()));
            return [.. refused.Select(address => new IPEndPoint(address, host.Port))];
        }
        catch (Exception unknown) when (unknown is SocketException or OperationCanceledException or ArgumentException)
        {
            // A name that this host can't resolve is of no use to its builds either.
            return [];
        }
    }

    private static HashSet<IPAddress> OwnAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(device => device.GetIPProperties().UnicastAddresses).Select(own => own.Address)];

    private static async Task<IReadOnlyList<string>> SettingsAsync(CancellationToken ct)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var files = PackageSources.Files.Concat(PackageSources.FilesAtHome.Select(file => Path.Combine(home, file)));
        if (Directory.Exists(PackageSources.Folder)) files = files.Concat(Directory.EnumerateFiles(PackageSources.Folder));

        var texts = new List<string?> { PackageSources.Public };
        texts.AddRange(PackageSources.Variables.Select(Environment.GetEnvironmentVariable));
        foreach (var file in files) texts.Add(await ReadAsync(file, ct));
        return [.. texts.OfType<string>()];
    }

    internal static DnsEndPoint Endpoint(string text) =>
        text.LastIndexOf(':') is var colon and > 0 &&
        int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? new DnsEndPoint(text[..colon], port)
            : throw new InvalidOperationException($"{HostOptions.Section}:Allowed has '{text}', but each must be name-or-address:port.");

    private static async Task<string?> ReadAsync(string path, CancellationToken ct)
    {
        try
        {
            return await File.ReadAllTextAsync(path, ct);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
