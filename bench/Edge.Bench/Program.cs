using System.Globalization;
using Edge.Bench;
using Slipway.Core;
using Slipway.Core.Pipeline.Routing;

// edge-bench [ROUNDS] [SECONDS]: the edge beside nginx, HAProxy and Caddy before one upstream, in turn; assets from its cache beside nginx's files; a route
// change and the rules' memory with 10,000 hosts. Needs nginx, haproxy, caddy, wrk and h2load. Prints a section for bench/RESULTS.md.
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 4;
var folder = Directory.CreateTempSubdirectory("edge-bench-").FullName;
File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
var port = Ports.Free();
var peers = new Peers(folder, port);
using var upstream = await peers.UpstreamAsync();
string[] hosts = [.. Enumerable.Range(0, 10_000).Select(i => $"app-{i.ToString(CultureInfo.InvariantCulture)}.localhost")];
Route[] routes = [.. hosts.Select(h => new Route(h, RouteKind.App, [string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")], StrongId.New<DeploymentId>(TimeProvider.System)))];

foreach (var count in new[] { 1, 10_000 })
{
    var host = hosts[count - 1];
    var edges = await EdgeProcess.StartAllAsync();
    foreach (var edge in edges) await edge.PublishAsync(routes[..count]);
    using var nginx = await peers.NginxProxyAsync(hosts[..count]);
    using var haproxy = await peers.HaproxyAsync(hosts[..count]);
    using var caddy = await peers.CaddyAsync(hosts[..count]);
    await CompareAsync($"Reverse proxy, {count:N0} hosts", [nginx, haproxy, caddy, .. edges.Select(e => e.Server)], s => Load.FullAsync(s, host, "/", seconds));
    if (count == 1) await CompareAsync("The same at 4,000 requests a second, which none of them fills", [nginx, haproxy, caddy, .. edges.Select(e => e.Server)], s => Load.PacedAsync(s, host, 4000, seconds));
    foreach (var edge in edges) edge.Dispose();
}

{
    var edges = await EdgeProcess.StartAllAsync();
    foreach (var edge in edges) await edge.PublishAsync(routes[..1]);
    using var file = await peers.NginxFileAsync();
    using var cache = await peers.NginxCacheAsync();
    await CompareAsync("An immutable asset of 20 kB, plain", [file, cache, .. edges.Select(e => e.Server)], s => Load.FullAsync(s, hosts[0], Peers.Asset, seconds));
    foreach (var edge in edges) edge.Dispose();
}

var shipped = Enum.GetValues<EdgeBuild>().Where(b => b != EdgeBuild.Inline && EdgeProcess.IsHere(b)).ToArray();
foreach (var build in shipped) Console.WriteLine(await RouteChange.RunAsync(routes, port, 30, build));
Console.WriteLine($"\n| rules, {routes.Length:N0} hosts | table in force | each host asked once |\n|---|---|---|");
foreach (var build in shipped)
{
    foreach (var line in await RulesMemory.RunAsync(routes, build)) Console.WriteLine(line);
}

Directory.Delete(folder, recursive: true);

// In turn, so that what else the machine does meets all; the first round warms up and is dropped.
async Task CompareAsync(string what, IReadOnlyList<Contender> servers, Func<Contender, Task<Load>> load)
{
    var runs = servers.ToDictionary(s => s, _ => new List<Load>());
    for (var round = 0; round <= rounds; round++)
    {
        foreach (var server in servers)
        {
            var run = await load(server);
            if (round > 0) runs[server].Add(run);
        }
    }

    var first = Load.MedianOf(runs[servers[0]]);
    Console.WriteLine($"| {what} | requests/s | to {servers[0].Name} | p50 | p99 | CPU µs a request | memory |\n|---|---|---|---|---|---|---|");
    foreach (var server in servers)
    {
        var median = Load.MedianOf(runs[server]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {server.Name} | {median.PerSecond:N0} | {median.PerSecond / first.PerSecond:0.00} | {median.P50:0.00} ms | {median.P99:0.00} ms | {median.Cpu:0.0} | {server.OwnMemory() / 1024.0:0} MiB |"));
    }

    Console.WriteLine();
}
