using System.Diagnostics;
using System.Globalization;

namespace EndToEnd.Tests.ZeroDowntime;

/// <summary>Releases while people are there, and a control plane that dies: nobody sees it. <c>SLIPWAY_REDEPLOYS</c> makes it longer (eng/chaos).</summary>
[Collection(nameof(OneMachine))]
[Trait("needs", "engine")]
[Trait("story", "zero-downtime")]
public sealed class ZeroDowntimeStory(Installation slipway, ITestOutputHelper output)
{
    private const string Project = "e2e-gap";

    // Node's own parts only, so that a build takes a second.
    private const string Server = """
        const crypto = require('crypto');
        const version = require('fs').readFileSync(__dirname + '/version.txt', 'utf8');
        const server = require('http').createServer((q, s) => {
          if (q.url === '/echo') return q.pipe(s);
          if (q.url !== '/events') return s.end('version ' + version);
          s.writeHead(200, { 'content-type': 'text/event-stream' });
          let n = 0;
          const timer = setInterval(() => { s.write(`data: ${++n}\n\n`); if (n === 10) { clearInterval(timer); s.end(); } }, 100);
        });
        server.on('upgrade', (q, socket) => {
          const accept = crypto.createHash('sha1').update(q.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
          socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
          socket.on('error', () => {});
          socket.on('data', frame => {
            const length = frame[1] & 127, mask = frame.subarray(2, 6);
            const text = Buffer.from(frame.subarray(6, 6 + length).map((byte, i) => byte ^ mask[i % 4]));
            socket.write(Buffer.concat([Buffer.from([frame[0], length]), text]));
            if ((frame[0] & 15) === 8) socket.end();
          });
        });
        server.listen(process.env.PORT);
        """;

    private static int Redeploys => int.TryParse(Environment.GetEnvironmentVariable("SLIPWAY_REDEPLOYS"), CultureInfo.InvariantCulture, out var n) ? n : 12;

    [Fact]
    public async Task Releases_and_a_killed_server_cost_no_visitor_a_request()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-gap-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), """{"name":"gap","private":true,"engines":{"node":"22"},"scripts":{"start":"node server.js"}}""");
        await File.WriteAllTextAsync(Path.Combine(folder, "server.js"), Server);
        var url = await ReleaseAsync(folder, 0);

        var clock = Stopwatch.StartNew();
        var visitors = new Visitors(url, slipway.Port);
        await using (visitors)
        {
            for (var version = 1; version <= Redeploys; version++)
            {
                if (version % 4 == 2) await KillServerAsync();
                await ReleaseAsync(folder, version);
                // Ready means that this version answers, from now on.
                Assert.Equal($"version {version}", (await slipway.GetAsync(url)).Body);
            }
        }

        output.WriteLine($"{Redeploys} releases in {clock.Elapsed.TotalSeconds:0} s: {string.Join(", ", visitors.Served.Select(s => $"{s.Value} × {s.Key}"))}, {visitors.Failures.Count} failed");
        Assert.True(visitors.Failures.IsEmpty, string.Join("\n", visitors.Failures.Take(20)));
        foreach (var kind in new[] { "get", "post", "stream", "socket" }) Assert.True(visitors.Served.GetValueOrDefault(kind) > Redeploys, kind);
        Directory.Delete(folder, recursive: true);
    }

    private async Task<string> ReleaseAsync(string folder, int version)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "version.txt"), version.ToString(CultureInfo.InvariantCulture));
        var (exit, json, ran) = await slipway.DeployAsync(folder, "--project", Project, "--prod");
        Assert.True(exit == 0, ran.ToString());
        return json["url"]!.GetValue<string>();
    }

    /// <summary>As a crash does; and a new one, as a supervisor does.</summary>
    private async Task KillServerAsync()
    {
        using (var server = Process.GetProcessById(slipway.ServerPid))
        {
            server.Kill();
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var up = await slipway.RunAsync("up");
        Assert.True(up.ExitCode == 0, up.ToString());
    }
}
