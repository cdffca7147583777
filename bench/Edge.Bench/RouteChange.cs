using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Slipway.Core.Pipeline.Routing;

namespace Edge.Bench;

/// <summary>From the call that publishes a table of 10,000 hosts to the first answer of the host's new target, asked without a pause on one connection.</summary>
internal static class RouteChange
{
    public static async Task<string> RunAsync(IReadOnlyList<Route> routes, int upstream, int rounds, EdgeBuild build)
    {
        using var edge = await EdgeProcess.StartAsync(build);
        using var other = new SmallServer("new");
        var changed = routes[^1];
        var (seen, returned) = (new List<double>(), new List<double>());
        await edge.PublishAsync(routes);
        for (var round = 0; round < rounds + 10; round++)
        {
            var isNew = round % 2 == 0;
            Route[] next = [.. routes.SkipLast(1), changed with { Destinations = [isNew ? other.Address : string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{upstream}")] }];
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
            await AskAsync(client, edge.Server.Port, changed.Host);
            var watch = Stopwatch.StartNew();
            var publish = Task.Run(async () =>
            {
                await edge.PublishAsync(next);
                return watch.Elapsed.TotalMilliseconds;
            });
            while (await AskAsync(client, edge.Server.Port, changed.Host) == "new" != isNew)
            {
            }

            // The first rounds warm both processes up.
            if (round >= 10) seen.Add(watch.Elapsed.TotalMilliseconds);
            var took = await publish;
            if (round >= 10) returned.Add(took);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{edge.Server.Name}: route change with {routes.Count:N0} hosts, {rounds} times: first answer of the new target after {Load.Median(seen):0.0} ms (best {seen.Min():0.0}, worst {seen.Max():0.0}), the publish returned after {Load.Median(returned):0.0} ms.");
    }

    private static async Task<string> AskAsync(HttpClient client, int port, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/"));
        request.Headers.Host = host;
        using var answer = await client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Answers every request with one word.</summary>
    private sealed class SmallServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[] _answer;

        public SmallServer(string word)
        {
            _answer = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {word.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n{word}");
            _listener.Start();
            _ = AcceptAsync();
        }

        public string Address => _listener.LocalEndpoint.ToString() ?? "";

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }

        private async Task ServeAsync(TcpClient client)
        {
            using var connection = client;
            var buffer = new byte[8192];
            while (await connection.GetStream().ReadAsync(buffer) > 0) await connection.GetStream().WriteAsync(_answer);
        }
    }
}
