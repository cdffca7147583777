using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests.Bounded;

/// <summary>From inside a real RUN step: the package registry, and nothing of ours, of this host or of private networks.</summary>
[Trait("needs", "engine")]
[Trait("needs", "root")]
[Trait("story", "bounded-builds")]
public sealed class IsolationStory(SeveralBuilds slipway) : IClassFixture<SeveralBuilds>
{
    /// <summary>Metadata services of the clouds, and one address of each private range. The test makes these hosts itself.</summary>
    private static readonly string[] Private = ["169.254.169.254", "100.100.100.200", "10.217.3.4", "172.31.251.2", "192.168.251.2", "100.64.9.9", "198.18.9.9"];

    private const int PrivatePort = 80;

    private const string Probe = """
        const net = require('net'), fs = require('fs');
        const reach = t => new Promise(done => {
          const s = net.connect({ host: t.host, port: t.port });
          const end = how => { s.destroy(); done(`${t.name}=${how}`); };
          s.setTimeout(3000, () => end('silence'));
          s.on('connect', () => end('open'));
          s.on('error', e => end(e.code));
        });
        (async () => {
          for (const t of JSON.parse(fs.readFileSync('targets.json'))) console.log('PROBE ' + await reach(t));
          for (const f of ['/var/run/docker.sock', '/run/docker.sock']) console.log(`PROBE ${f}=` + (fs.existsSync(f) ? 'there' : 'absent'));
        })();
        """;

    [Fact]
    public async Task A_step_reaches_the_registry_and_nothing_of_ours_line_by_line()
    {
        await using var privates = await PrivateHost.StartAsync([PrivatePort], Private);
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        var accepting = AcceptAsync(listener);
        var hostPort = ((IPEndPoint)listener.LocalEndpoint).Port;

        var app = BusyboxApp.Create();
        var (exit, served, ran) = await slipway.DeployAsync(app, "--project", "isolated-app");
        Assert.True(exit == 0, ran.ToString());
        var mark = Random.Shared.Next(10_000, 60_000);
        var neighbour = BusyboxApp.Create($"RUN busybox httpd -p {mark} -h /bin; sleep 600");
        using var beside = slipway.Start("deploy", neighbour, "--project", "isolated-near", "--json");
        try
        {
            var targets = new List<(string Name, string Host, int Port)>();
            void Add(string name, string host, int port) => targets.Add((name, host, port));
            foreach (var own in OwnAddresses()) Add($"host {own}", own, hostPort);
            foreach (var address in Private) Add($"private {address}", address, PrivatePort);
            Add("app", await AppAddressAsync(served["id"]!.GetValue<string>()), 3000);
            var httpd = (await Looking.UntilAsync(() => StepCgroups.Processes($"httpd -p {mark}") is [_, ..] found ? found : null, TimeSpan.FromMinutes(1), "the neighbour's step serves"))[0];
            Add("neighbour", AddressOf(httpd), mark);

            // From here each is open: what a step is refused is refused by the fence.
            foreach (var (name, host, port) in targets) Assert.True(await IsOpenAsync(host, port), $"{name} at {host}:{port} can't be reached from the host itself");

            // These listen on the host's loopback only; a step's own loopback is another.
            Add("loopback", "127.0.0.1", hostPort);
            foreach (var gateway in OwnAddresses())
            {
                Add($"api by {gateway}", gateway, new Uri(slipway.ApiAddress).Port);
                Add($"edge by {gateway}", gateway, slipway.Port);
            }

            var lines = await ProbeAsync(targets);
            foreach (var (name, _, _) in targets) Assert.Equal($"{name}=ECONNREFUSED", Assert.Single(lines, line => line.StartsWith($"{name}=", StringComparison.Ordinal)));
            // The server tries the fence itself, from a step and from an app, and says so.
            await VerifiedAsync();
            Assert.Contains("/var/run/docker.sock=absent", lines);
            Assert.Contains("/run/docker.sock=absent", lines);
            Assert.Contains(lines, line => line.StartsWith("registry=", StringComparison.Ordinal) && Version.TryParse(line["registry=".Length..], out _));
        }
        finally
        {
            var near = await slipway.Api.ListDeploymentsAsync("isolated-near", 1, all: true, CancellationToken.None);
            if (near is [var running]) await slipway.Api.CancelAsync(running.Id, CancellationToken.None);
            await beside.WaitForExitAsync();
            listener.Stop();
            await accepting;
            foreach (var folder in new[] { app, neighbour }) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Builds an app whose step asks for each, and gives its answers.</summary>
    private async Task<List<string>> ProbeAsync(List<(string Name, string Host, int Port)> targets)
    {
        var folder = Directory.CreateTempSubdirectory("e2e-isolated-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "probe.js"), Probe);
        await File.WriteAllTextAsync(Path.Combine(folder, "targets.json"), JsonSerializer.Serialize(targets.Select(t => new { name = t.Name, host = t.Host, port = t.Port })));
        await File.WriteAllTextAsync(Path.Combine(folder, "Dockerfile"), """
            FROM slipway/node:22
            WORKDIR /probe
            COPY . .
            RUN node probe.js && echo "PROBE registry=$(npm view is-number version)"
            EXPOSE 3000
            CMD ["node", "-e", "require('http').createServer((q,s)=>s.end('ok')).listen(3000)"]
            """);
        var (exit, json, ran) = await slipway.DeployAsync(folder, "--project", "isolated-step");
        Assert.True(exit == 0, ran.ToString());
        Directory.Delete(folder, recursive: true);
        var log = await slipway.Api.LogsAsync(json["id"]!.GetValue<string>(), 0, CancellationToken.None);
        return [.. log.Where(line => line.Stream == "out" && line.Text.StartsWith("PROBE ", StringComparison.Ordinal)).Select(line => line.Text["PROBE ".Length..])];
    }

    private async Task VerifiedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        string? said;
        do
        {
            await timer.WaitForNextTickAsync(limit.Token);
            said = (await slipway.Api.StatusAsync(limit.Token)).Roles.Single(role => role.Name == "firewall").Detail;
        }
        while (said?.Contains("verified from a build step", StringComparison.Ordinal) != true || !said.Contains("verified from an app", StringComparison.Ordinal));
    }

    private static List<string> OwnAddresses() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces().Where(device => device.OperationalStatus == OperationalStatus.Up)
            .SelectMany(device => device.GetIPProperties().UnicastAddresses).Select(own => own.Address)
            .Where(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address)).Select(address => address.ToString()),
    ];

    private static async Task<string> AppAddressAsync(string deployment)
    {
        var id = (await HostTool.RunAsync("docker", "ps", "-q", "--filter", $"label=slipway.deployment={deployment}")).Trim();
        var container = JsonNode.Parse(await HostTool.RunAsync("docker", "inspect", id))![0]!;
        return container["NetworkSettings"]!["Networks"]!.AsObject().Single().Value!["IPAddress"]!.GetValue<string>();
    }

    /// <summary>The address of the network that a process is in, by the kernel's own table of it: the line before each "/32 host LOCAL".</summary>
    private static string AddressOf(int pid)
    {
        var lines = File.ReadAllLines($"/proc/{pid}/net/fib_trie");
        return Enumerable.Range(1, lines.Length - 1).Where(at => lines[at].Contains("/32 host LOCAL", StringComparison.Ordinal)).Select(at => lines[at - 1].Trim(' ', '|', '-'))
            .First(address => !address.StartsWith("127.", StringComparison.Ordinal));
    }

    private static async Task<bool> IsOpenAsync(string host, int port)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var tries = 0; tries < 30; tries++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            try
            {
                await socket.ConnectAsync(IPAddress.Parse(host), port, limit.Token);
                return true;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                await timer.WaitForNextTickAsync();
            }
        }

        return false;
    }

    private static async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true) (await listener.AcceptSocketAsync()).Dispose();
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test is over.
        }
    }
}
