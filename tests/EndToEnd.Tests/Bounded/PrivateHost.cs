using System.Diagnostics;
using System.Security.Cryptography;

namespace EndToEnd.Tests.Bounded;

/// <summary>A machine of a private network with a web server at several addresses: a network namespace, joined to this host by a cable of its own.</summary>
internal sealed class PrivateHost : IAsyncDisposable
{
    public const int Port = 80;

    private readonly string _name = $"slpt{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
    private readonly IReadOnlyList<string> _addresses;
    private Process? _server;

    private PrivateHost(IReadOnlyList<string> addresses) => _addresses = addresses;

    private string Cable => $"{_name}-h";

    public static async Task<PrivateHost> StartAsync(IReadOnlyList<string> addresses)
    {
        var made = new PrivateHost(addresses);
        try
        {
            await made.BeginAsync();
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false }) _server.Kill(entireProcessTree: true);
        _server?.Dispose();
        // Cable and routes go with it.
        if (File.Exists($"/run/netns/{_name}")) await Tool.RunAsync("ip", "netns", "delete", _name);
    }

    private async Task BeginAsync()
    {
        var net = $"10.216.{RandomNumberGenerator.GetInt32(256)}";
        await Tool.RunAsync("ip", "netns", "add", _name);
        await Tool.RunAsync("ip", "link", "add", Cable, "type", "veth", "peer", "name", "eth0", "netns", _name);
        await Tool.RunAsync("ip", "address", "add", $"{net}.1/30", "dev", Cable);
        await Tool.RunAsync("ip", "link", "set", Cable, "up");
        await Tool.RunAsync("ip", "-n", _name, "address", "add", $"{net}.2/30", "dev", "eth0");
        await Tool.RunAsync("ip", "-n", _name, "link", "set", "eth0", "up");
        await Tool.RunAsync("ip", "-n", _name, "route", "add", "default", "via", $"{net}.1");
        foreach (var address in _addresses)
        {
            await Tool.RunAsync("ip", "-n", _name, "address", "add", $"{address}/32", "dev", "eth0");
            await Tool.RunAsync("ip", "route", "add", $"{address}/32", "via", $"{net}.2");
        }

        _server = Process.Start(new ProcessStartInfo(Tool.Find("ip"), ["netns", "exec", _name, "/bin/busybox", "httpd", "-f", "-p", $"{Port}", "-h", AppContext.BaseDirectory]))!;
    }
}
