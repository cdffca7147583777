using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using Slipway.Core.Hosting;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;

namespace Slipway.Server.Hosting;

/// <summary>Brings the projects' ways out from the store to the fence. By the project's own network, so a way is open before an app's first packet and closed for all others.</summary>
internal sealed class WaysOut(HomeFolder home, IProjectStore projects, Firewall firewall, WaysFile file, TimeProvider time, ILogger<WaysOut> log) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>True once they are in force; false where no fence stands, or the one who keeps it did not say so in time.</summary>
    public async Task<bool> PublishAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            var text = await WriteAsync(ct);
            return await firewall.ApplyAsync(ct) switch
            {
                FirewallStatus.Enforced => true,
                FirewallStatus.Elsewhere => await SaidAsync(text, ct),
                _ => false,
            };
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Writes down what is wanted; who keeps the fence looks each second.</summary>
    public async Task<string> WriteAsync(CancellationToken ct)
    {
        using var system = TeamScope.EnterSystem();
        var names = new HomeNames(home.Id);
        var text = WaysFile.Render((await projects.ListAsync(ct)).SelectMany(p => p.Ways.Select(w => new OpenWay(names.ProjectDevice(p.Id), new IPEndPoint(IPAddress.Parse(w.Address), w.Port)))));
        await file.WriteAsync(text, ct);
        return text;
    }

    /// <summary>This host's own addresses, and the networks of its bridges: what of them can be seen from here.</summary>
    public static (IReadOnlyCollection<IPAddress> Own, IReadOnlyCollection<IPNetwork> Bridges) Host()
    {
        var devices = NetworkInterface.GetAllNetworkInterfaces().Select(d => (Device: d, Addresses: d.GetIPProperties().UnicastAddresses.Where(a => a.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork).ToList())).ToList();
        return ([.. devices.SelectMany(d => d.Addresses.Select(a => a.Address))],
            [.. devices.Where(d => Directory.Exists($"/sys/class/net/{d.Device.Name}/bridge")).SelectMany(d => d.Addresses.Select(a => Network(a.Address, a.PrefixLength)))]);
    }

    public void Dispose() => _one.Dispose();

    private static IPNetwork Network(IPAddress address, int length)
    {
        var number = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
        var mask = length == 0 ? 0 : uint.MaxValue << (32 - length);
        var bytes = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, number & mask);
        return new IPNetwork(new IPAddress(bytes), length);
    }

    private async Task<bool> SaidAsync(string text, CancellationToken ct)
    {
        var begun = time.GetTimestamp();
        while (!await file.IsInForceAsync(text, ct))
        {
            if (time.GetElapsedTime(begun) > Patience)
            {
                log.WaysNotInForce(string.Create(CultureInfo.InvariantCulture, $"{Patience.TotalSeconds:0} s"));
                return false;
            }

            await Task.Delay(Look, time, ct);
        }

        return true;
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "the fence did not say within {Patience} that the ways out are as they are wanted; it takes them when it runs")]
    public static partial void WaysNotInForce(this ILogger log, string patience);
}
