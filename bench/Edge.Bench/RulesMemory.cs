using System.Globalization;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Routing;

namespace Edge.Bench;

/// <summary>What rules cost the edge in memory: a process for each case, RssAnon after its table came and each host was asked once.</summary>
internal static class RulesMemory
{
    public static async Task<IEnumerable<string>> RunAsync(IReadOnlyList<Route> routes, EdgeBuild build)
    {
        var lines = new List<string>();
        foreach (var (name, sets) in new[] { ("no rules", 0), ("one set of 10 rules, shared by all", 1), ("a set of 10 rules for each host", routes.Count) })
        {
            using var edge = await EdgeProcess.StartAsync(build);
            var rules = Enumerable.Range(0, sets).ToDictionary(i => $"r{i.ToString(CultureInfo.InvariantCulture)}", RulesOf);
            Route[] with = [.. routes.Select((r, i) => sets == 0 ? r : r with { Rules = $"r{(i % sets).ToString(CultureInfo.InvariantCulture)}" })];
            await edge.PublishAsync(with, sets == 0 ? null : rules);
            await QuietAsync();
            var before = edge.Server.OwnMemory();
            await AskAllAsync(edge.Server.Port, routes);
            await QuietAsync();
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"| {edge.Server.Name}, {name} | {before / 1024.0:0} MiB | {edge.Server.OwnMemory() / 1024.0:0} MiB |"));
        }

        return lines;
    }

    private static EdgeRules RulesOf(int i) => new()
    {
        Redirects = [.. Enumerable.Range(0, 4).Select(n => new RedirectRule($"/old-{i}-{n}/:path*", $"/new-{n}/:path*", 308))],
        Rewrites = [.. Enumerable.Range(0, 3).Select(n => new RewriteRule($"/api-{i}-{n}/:id(\\d+)", $"/items/:id?n={n}"))],
        Headers = [.. Enumerable.Range(0, 3).Select(n => new HeaderRule($"/part-{i}-{n}/(.*)", [new RuleHeader("X-Part", "1")]))],
    };

    /// <summary>A collection that is under way ends.</summary>
    private static Task QuietAsync() => Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);

    private static async Task AskAllAsync(int port, IReadOnlyList<Route> routes)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await Parallel.ForEachAsync(routes, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (route, ct) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/"));
            request.Headers.Host = route.Host;
            using var answer = await client.SendAsync(request, ct);
            answer.EnsureSuccessStatusCode();
        });
    }
}
