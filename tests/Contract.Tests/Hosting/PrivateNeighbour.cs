using System.Diagnostics;
using System.Security.Cryptography;

namespace Slipway.Contract.Tests.Hosting;

/// <summary>
/// A machine of a private network that a test may try to reach: a network namespace with two web servers, joined to this host
/// by a cable of its own. No real network is asked.
/// </summary>
internal sealed class PrivateNeighbour : IAsyncDisposable
{
    public const int Open = 8081;
    public const int Closed = 8082;

    private readonly string _name = $"slpt{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
    private readonly List<Process> _servers = [];

    // One of the many /30 in a corner of 10/8, so that two runs at once seldom meet.
    private readonly string _net = $"10.213.{RandomNumberGenerator.GetInt32(256)}";

    private string Cable => $"{_name}-h";

    public string Address => $"{_net}.2";

    public static async Task<PrivateNeighbour> StartAsync()
    {
        var made = new PrivateNeighbour();
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
        foreach (var server in _servers)
        {
            if (!server.HasExited) server.Kill(entireProcessTree: true);
            server.Dispose();
        }

        // The cable goes with its other end.
        if (File.Exists($"/run/netns/{_name}")) await RootHost.RunAsync("ip", "netns", "delete", _name);
    }

    private async Task BeginAsync()
    {
        await RootHost.RunAsync("ip", "netns", "add", _name);
        await RootHost.RunAsync("ip", "link", "add", Cable, "type", "veth", "peer", "name", "eth0", "netns", _name);
        await RootHost.RunAsync("ip", "address", "add", $"{_net}.1/30", "dev", Cable);
        await RootHost.RunAsync("ip", "link", "set", Cable, "up");
        await RootHost.RunAsync("ip", "-n", _name, "address", "add", $"{Address}/30", "dev", "eth0");
        await RootHost.RunAsync("ip", "-n", _name, "link", "set", "eth0", "up");
        await RootHost.RunAsync("ip", "-n", _name, "route", "add", "default", "via", $"{_net}.1");
        foreach (var port in new[] { Open, Closed }) await ServeAsync(port);
    }

    private async Task ServeAsync(int port)
    {
        _servers.Add(Process.Start(RootHost.Program("ip"),
            ["netns", "exec", _name, "/bin/busybox", "httpd", "-f", "-p", port.ToString(), "-h", AppContext.BaseDirectory]));
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        for (var tries = 0; ; tries++)
        {
            try
            {
                await http.GetAsync(new Uri($"http://{Address}:{port}/"));
                return;
            }
            catch (HttpRequestException) when (tries < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }
}
