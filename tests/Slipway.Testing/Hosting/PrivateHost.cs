using System.Diagnostics;
using System.Security.Cryptography;

namespace Slipway.Testing.Hosting;

/// <summary>
/// A machine of a private network that a test may try to reach: a network namespace with web servers, joined to this host by a
/// cable of its own. No real network is asked.
/// </summary>
public sealed class PrivateHost : IAsyncDisposable
{
    private readonly string _name = $"slpt{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
    private readonly List<Process> _servers = [];

    // One of the many /30 in a corner of 10/8, so that two runs at once seldom meet.
    private readonly string _net = $"10.213.{RandomNumberGenerator.GetInt32(256)}";

    private PrivateHost()
    {
    }

    public string Address => $"{_net}.2";

    private string Cable => $"{_name}-h";

    /// <param name="ports">Each gets a web server.</param>
    /// <param name="addresses">What it answers to besides <see cref="Address"/>.</param>
    public static async Task<PrivateHost> StartAsync(IReadOnlyList<int> ports, params IReadOnlyList<string> addresses)
    {
        var made = new PrivateHost();
        try
        {
            await made.JoinAsync(addresses);
            foreach (var port in ports) await made.ServeAsync(port);
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
        foreach (var server in _servers)
        {
            if (!server.HasExited) server.Kill(entireProcessTree: true);
            server.Dispose();
        }

        // The cable and the routes go with its other end.
        if (File.Exists($"/run/netns/{_name}")) await HostTool.RunAsync("ip", "netns", "delete", _name);
    }

    private async Task JoinAsync(IReadOnlyList<string> addresses)
    {
        await HostTool.RunAsync("ip", "netns", "add", _name);
        await HostTool.RunAsync("ip", "link", "add", Cable, "type", "veth", "peer", "name", "eth0", "netns", _name);
        await HostTool.RunAsync("ip", "address", "add", $"{_net}.1/30", "dev", Cable);
        await HostTool.RunAsync("ip", "link", "set", Cable, "up");
        await HostTool.RunAsync("ip", "-n", _name, "address", "add", $"{Address}/30", "dev", "eth0");
        await HostTool.RunAsync("ip", "-n", _name, "link", "set", "eth0", "up");
        await HostTool.RunAsync("ip", "-n", _name, "route", "add", "default", "via", $"{_net}.1");
        foreach (var address in addresses)
        {
            await HostTool.RunAsync("ip", "-n", _name, "address", "add", $"{address}/32", "dev", "eth0");
            await HostTool.RunAsync("ip", "route", "add", $"{address}/32", "via", Address);
        }
    }

    private async Task ServeAsync(int port)
    {
        _servers.Add(Process.Start(HostTool.Find("ip"), ["netns", "exec", _name, "/bin/busybox", "httpd", "-f", "-p", $"{port}", "-h", AppContext.BaseDirectory]));
        await Looking.ListensAsync(new Uri($"http://{Address}:{port}/"), TimeSpan.FromSeconds(10));
    }
}
