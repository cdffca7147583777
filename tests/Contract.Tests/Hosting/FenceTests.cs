using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Slipway.Contract.Tests.Engine;
using Slipway.Core;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Running;
using Slipway.Docker.Running;
using Slipway.Testing.Hosting;

namespace Slipway.Contract.Tests.Hosting;

/// <summary>From inside a real container on a test home's bridge: what the fence refuses, and what it must let pass.</summary>
[Trait("needs", "root")]
public sealed class FenceTests(TestEngine engine) : IClassFixture<TestEngine>, IAsyncLifetime
{
    private const int Port = 8080;
    private const int Open = 8081;
    private const int Closed = 8082;

    private readonly string _home = engine.NewHome();
    private readonly IHostControl _host = RootHost.Control();
    private readonly TcpListener _hostService = new(IPAddress.Any, 0);
    private PrivateHost? _neighbour;
    private DockerRuntime? _runtime;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private DockerRuntime Runtime => _runtime ??= engine.Runtime(_home);

    private PrivateHost Neighbour => _neighbour ?? throw new InvalidOperationException("not begun");

    private int HostPort => ((IPEndPoint)_hostService.LocalEndpoint).Port;

    public async ValueTask InitializeAsync()
    {
        RootHost.Require();
        _hostService.Start();
        _ = GreetAsync();
        _neighbour = await PrivateHost.StartAsync([Open, Closed]);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.RemoveFirewallAsync(_home, default);
        if (_neighbour is not null) await _neighbour.DisposeAsync();
        _hostService.Dispose();
        foreach (var instance in await Runtime.ListAsync(default)) await Runtime.RemoveAsync(instance.Id, TimeSpan.Zero, default);
    }

    [Fact]
    public async Task App_is_refused_the_host_and_private_networks_and_still_serves()
    {
        // Without the fence both are open: what is refused below is refused by the fence.
        var server = await StartAsync("exec busybox httpd -f -p 8080 -h /www");
        var gateway = await GatewayAsync();
        Assert.Equal(["gateway open", "neighbour open", "closed open"], await TryAsync(gateway));

        var rules = new FirewallRules
        {
            HomeId = _home,
            FencedInterfaces = [new HomeNames(_home).ServeDevice],
            Allowed = [new(IPAddress.Parse(Neighbour.Address), Open)],
        };
        var status = await _host.ApplyFirewallAsync(rules, Ct);

        Assert.IsType<FirewallStatus.Enforced>(status);
        Assert.Equal(["gateway refused", "neighbour open", "closed refused"], await TryAsync(gateway));
        Assert.Equal("hello\n", await GetAsync(server));
    }

    [Fact]
    public async Task Refusals_come_at_once_however_many()
    {
        var first = await StartAsync("exec busybox httpd -f -p 8080 -h /www");
        await _host.ApplyFirewallAsync(new() { HomeId = _home, FencedInterfaces = [new HomeNames(_home).ServeDevice] }, Ct);
        Assert.Equal("hello\n", await GetAsync(first));

        var probe = await StartAsync(
            $"i=0; while [ $i -lt 30 ]; do busybox nc -w 3 {Neighbour.Address} {Closed} </dev/null || echo refused; i=$((i+1)); done");
        var ended = await UntilAsync(probe.Id, instance => instance.State == InstanceState.Exited);

        Assert.Equal(30, (await Runtime.OutputAsync(probe.Id, 100, Ct)).Count(line => line == "refused"));
        // The kernel's rate limit on ICMP would make it a second each.
        Assert.True(ended.FinishedAt - ended.StartedAt < TimeSpan.FromSeconds(10), $"took {ended.FinishedAt - ended.StartedAt}");
    }

    [Fact]
    public async Task A_trial_from_inside_tells_an_open_fence_from_a_closed_one()
    {
        var app = await StartAsync("exec busybox httpd -f -p 8080 -h /www");
        var process = await ProcessAsync(app.Id);
        Assert.Contains("reached this host", (await _host.TryFenceAsync(process, Ct))?.Reached, StringComparison.Ordinal);

        await _host.ApplyFirewallAsync(new() { HomeId = _home, FencedInterfaces = [new HomeNames(_home).ServeDevice] }, Ct);
        var proof = await _host.TryFenceAsync(process, Ct);
        Assert.NotNull(proof);
        Assert.Null(proof.Reached);
        Assert.Null(await _host.TryFenceAsync(Environment.ProcessId, Ct));
    }

    [Fact]
    public async Task A_way_is_one_projects_and_open_from_its_first_packet_until_it_is_closed()
    {
        var (project, other) = (StrongId.New<ProjectId>(TimeProvider.System), StrongId.New<ProjectId>(TimeProvider.System));
        var names = new HomeNames(_home);
        var metadata = IPAddress.Parse("169.254.169.254");
        var neighbour = await StartAsync("exec busybox httpd -f -p 8080 -h /www", other, isApart: true);
        var fenced = new FirewallRules { HomeId = _home, FencedInterfaces = [names.ServeDevice] };
        var way = new OpenWay(names.ProjectDevice(project), new(IPAddress.Parse(Neighbour.Address), Open));
        await StartAsync("echo made", project, isApart: true);
        // What must never be open is refused, whatever is asked for: metadata, another app, this host.
        var open = fenced with { Ways = [way, way with { To = new(metadata, 80) }, way with { To = new(IPAddress.Parse(neighbour.Address ?? ""), Port) }, way with { To = new(await GatewayAsync(project), HostPort) }] };

        Assert.IsType<FirewallStatus.Enforced>(await _host.ApplyFirewallAsync(fenced, Ct));
        Assert.Equal(["way refused", "closed refused"], await KnockAsync(project, isApart: true));

        Assert.IsType<FirewallStatus.Enforced>(await _host.ApplyFirewallAsync(open, Ct));
        Assert.Equal(["way open", "closed refused"], await KnockAsync(project, isApart: true));
        Assert.Equal(["way refused", "closed refused"], await KnockAsync(other, isApart: true));
        Assert.Equal(["way refused", "closed refused"], await KnockAsync(project, isApart: false));
        await UntilAsync(neighbour.Id, instance => instance.ListeningPorts is [Port]);
        Assert.Equal(["metadata refused", "app refused", "host refused"], await RunAsync(project, true, ("metadata", $"{metadata}", 80), ("app", neighbour.Address ?? "", Port), ("host", $"{await GatewayAsync(project)}", HostPort)));

        // What stands on it ends with its next packet: the web server would have waited for the end of the line.
        var standing = await StartAsync($"(i=0; while busybox sleep 1 && [ $i -lt 40 ]; do printf x || exit; i=$((i+1)); done) | busybox nc {Neighbour.Address} {Open}; echo ended", project, isApart: true);
        await StandsAsync(standing.Id);
        Assert.IsType<FirewallStatus.Enforced>(await _host.ApplyFirewallAsync(fenced, Ct));
        var ended = await UntilAsync(standing.Id, instance => instance.State == InstanceState.Exited);
        Assert.True(ended.FinishedAt - ended.StartedAt < TimeSpan.FromSeconds(20), $"took {ended.FinishedAt - ended.StartedAt}");
        Assert.Equal(["way refused", "closed refused"], await KnockAsync(project, isApart: true));
    }

    [Fact]
    public async Task A_projects_network_goes_with_its_last_instance()
    {
        var project = StrongId.New<ProjectId>(TimeProvider.System);
        var first = await StartAsync("exec busybox httpd -f -p 8080 -h /www", project, isApart: true);
        var second = await StartAsync("exec busybox httpd -f -p 8080 -h /www", project, isApart: true);
        Assert.True((await Runtime.InspectAsync(first.Id, Ct)) is { IsApart: true, Address: not null });
        await Runtime.RemoveAsync(first.Id, TimeSpan.Zero, Ct);
        Assert.Equal("hello\n", await GetAsync(second));
        await Runtime.RemoveAsync(second.Id, TimeSpan.Zero, Ct);
        Assert.DoesNotContain(await engine.Client.Networks.ListNetworksAsync(new(), Ct), n => n.Name == new HomeNames(_home).ProjectNetwork(project));
    }

    private Task<IReadOnlyList<string>> KnockAsync(ProjectId project, bool isApart) => RunAsync(project, isApart, ("way", Neighbour.Address, Open), ("closed", Neighbour.Address, Closed));

    /// <summary>Each is tried in an instance of its own start, at once: by its first packet.</summary>
    private async Task<IReadOnlyList<string>> RunAsync(ProjectId project, bool isApart, params (string Name, string Host, int Port)[] targets)
    {
        var probe = await StartAsync(string.Join('\n', targets.Select(t => $"busybox nc -w 3 {t.Host} {t.Port} </dev/null >/dev/null 2>&1 && echo {t.Name} open || echo {t.Name} refused")), project, isApart);
        await UntilAsync(probe.Id, instance => instance.State == InstanceState.Exited);
        return await Runtime.OutputAsync(probe.Id, 10, Ct);
    }

    private async Task<int> ProcessAsync(InstanceId id)
    {
        var seen = await engine.Client.Containers.InspectContainerAsync(new HomeNames(_home).Container(id), Ct);
        return (int)(seen.State?.Pid ?? 0);
    }

    /// <summary>Until it holds an established connection to the neighbour's open port, as the kernel lists it.</summary>
    private async Task StandsAsync(InstanceId id)
    {
        var process = await ProcessAsync(id);
        var remote = string.Create(CultureInfo.InvariantCulture, $":{Open:X4} 01 ");
        await Looking.UntilAsync(async () => (await File.ReadAllTextAsync($"/proc/{process}/net/tcp", Ct)).Contains(remote, StringComparison.Ordinal) ? remote : null, TimeSpan.FromSeconds(30), "a standing connection");
    }

    private async Task<IPAddress> GatewayAsync(ProjectId project)
    {
        var network = await engine.Client.Networks.InspectNetworkAsync(new HomeNames(_home).ProjectNetwork(project), Ct);
        return IPAddress.Parse(network.IPAM?.Config?[0].Gateway ?? "");
    }

    // Takes each connection and ends it, until the listener ends.
    private async Task GreetAsync()
    {
        try
        {
            while (true) (await _hostService.AcceptSocketAsync()).Dispose();
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task<IReadOnlyList<string>> TryAsync(string gateway)
    {
        var probe = await StartAsync(
            $"""
            try() {"{"} busybox nc -w 3 $2 $3 </dev/null >/dev/null 2>&1 && echo $1 open || echo $1 refused; {"}"}
            try gateway {gateway} {HostPort}
            try neighbour {Neighbour.Address} {Open}
            try closed {Neighbour.Address} {Closed}
            """);
        await UntilAsync(probe.Id, instance => instance.State == InstanceState.Exited);
        return await Runtime.OutputAsync(probe.Id, 10, Ct);
    }

    private async Task<string> GetAsync(Instance server)
    {
        await UntilAsync(server.Id, instance => instance.ListeningPorts is [Port]);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        return await http.GetStringAsync(new Uri($"http://{server.Address}:{Port}/index.html"), Ct);
    }

    private async Task<string> GatewayAsync()
    {
        var network = await engine.Client.Networks.InspectNetworkAsync(new HomeNames(_home).ServeNetwork, Ct);
        return network.IPAM?.Config?[0].Gateway ?? throw new InvalidOperationException("The network has no gateway.");
    }

    private async Task<Instance> StartAsync(string script, ProjectId? project = null, bool isApart = false)
    {
        var command = System.Text.Json.JsonSerializer.Serialize(new[] { "/bin/sh", "-c", script });
        var deployment = StrongId.New<DeploymentId>(TimeProvider.System);
        return await Runtime.StartAsync(new()
        {
            Id = InstanceId.Of(deployment),
            Deployment = deployment,
            Project = project ?? StrongId.New<ProjectId>(TimeProvider.System),
            IsApart = isApart,
            Image = await engine.ImportAsync(engine.NewImageName(), $"CMD {command}"),
            Port = Port,
            Environment = new Dictionary<string, string>(),
        }, Ct);
    }

    private Task<Instance> UntilAsync(InstanceId id, Func<Instance, bool> fits) => Looking.UntilAsync(
        async () => await Runtime.InspectAsync(id, Ct) is { } seen && fits(seen) ? seen : null, TimeSpan.FromSeconds(30), $"{id} as it should be");
}
