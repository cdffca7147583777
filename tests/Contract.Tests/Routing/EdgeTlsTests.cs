using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Core.Pipeline.Routing;
using Slipway.Edge;
using Slipway.Testing.Hosting;

namespace Contract.Tests.Routing;

/// <summary>TLS at the edge, from files as people put them there.</summary>
public sealed class EdgeTlsTests : IAsyncLifetime
{
    private const string Host = "shop.test";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly EdgeUnderTest _edge = new();
    private readonly WrittenCertificates _certificates;
    private readonly EdgeCertificatesReader _reader;
    private readonly int _port = new IPEndPoint(IPAddress.Loopback, int.Parse(LoopbackApp.DeadAddress.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)).Port;

    public EdgeTlsTests()
    {
        _certificates = new WrittenCertificates(Path.Combine(_edge.Folder, "certificates"));
        (_edge.Options.Tls.Folder, _edge.Options.Tls.Port, _edge.Options.Tls.LookEvery) = (_certificates.Folder, _port, TimeSpan.FromMilliseconds(50));
        _edge.Options.Tls.AutomaticFolder = Path.Combine(_edge.Folder, "edge", "certificates");
        _edge.Options.Tls.ChallengeFolder = Path.Combine(_edge.Folder, "edge", "acme");
        _reader = new EdgeCertificatesReader(new EdgeRouterOptions { AdminSocket = _edge.Options.AdminSocket });
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _edge.StartAsync();
        var app = await _edge.StartAppAsync(AnswerAsync);
        await _edge.PublishAsync([.. new[] { Host, "a.wild.test", "b.wild.test", "other.test", "app.localhost" }.Select(h => new Route(h, RouteKind.App, [app], null)),
            new Route("www.shop.test", RouteKind.Redirect, [], null, RedirectTo: Host), new Route("slipway.wild.test", RouteKind.ControlPlane, [app], null)]);
    }

    public async ValueTask DisposeAsync()
    {
        _reader.Dispose();
        await _edge.DisposeAsync();
        _certificates.Dispose();
    }

    [Fact]
    public async Task Host_is_shown_its_own_certificate_and_others_none()
    {
        var (shop, wild) = (_certificates.Write("shop.test", [Host]), _certificates.Write("_wildcard.wild.test", ["*.wild.test"]));
        await TakenAsync(2);
        var seen = new ConcurrentBag<string>();
        using var client = _certificates.Client(seen.Add);
        Assert.Equal("https HTTP/1.1 shop.test", await client.GetStringAsync(Url(Host), Ct));
        Assert.Equal("https HTTP/1.1 a.wild.test", await client.GetStringAsync(Url("a.wild.test"), Ct));
        Assert.Equal(new[] { shop, wild }.Order(), seen.Order());
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(Url("deep.a.wild.test"), Ct));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(Url("other.test"), Ct));
        // And the edge goes on.
        Assert.Equal("https HTTP/1.1 b.wild.test", await client.GetStringAsync(Url("b.wild.test"), Ct));
    }

    [Fact]
    public async Task Http2_carries_requests_uploads_and_web_sockets()
    {
        _certificates.Write("shop.test", [Host]);
        await TakenAsync(1);
        using var client = _certificates.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(Host, "/echo")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new StringContent(new string('x', 1 << 20)) };
        using (var answer = await client.SendAsync(request, Ct))
        {
            Assert.Equal(HttpVersion.Version20, answer.Version);
            Assert.Equal(1 << 20, (await answer.Content.ReadAsByteArrayAsync(Ct)).Length);
        }

        foreach (var version in new[] { HttpVersion.Version20, HttpVersion.Version11 })
        {
            using var socket = new ClientWebSocket { Options = { HttpVersion = version, HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact } };
            using var handler = new HttpMessageInvoker(_certificates.Handler());
            await socket.ConnectAsync(new Uri($"wss://{Host}:{_port}/socket"), handler, Ct);
            await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, Ct);
            var buffer = new byte[100];
            var received = await socket.ReceiveAsync(buffer, Ct);
            Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, received.Count));
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Ct);
        }
    }

    [Fact]
    public async Task Plain_requests_are_sent_on_only_where_a_valid_certificate_is()
    {
        _certificates.Write("shop.test", [Host]);
        _certificates.Write("old.test", ["other.test"], TimeProvider.System.GetUtcNow().AddDays(-1));
        _certificates.Write("localhost", ["*.localhost", "app.localhost"]);
        await TakenAsync(3);
        Assert.Equal((308, $"https://{Host}:{_port}/a%2Fb?q=1"), await AskAsync(Host, "/a%2Fb?q=1"));
        // One step, not two.
        Assert.Equal((308, $"https://{Host}:{_port}/x"), await AskAsync("www.shop.test", "/x"));
        Assert.Equal((200, null), await AskAsync("other.test", "/"));
        Assert.Equal((200, null), await AskAsync("a.wild.test", "/"));
        Assert.Equal((200, null), await AskAsync("app.localhost", "/"));
        // The control plane's look at an app is never sent away.
        Assert.Equal(new ProbeResult(200, true, null), await _edge.Router.ProbeAsync(Host, "/", Patience, Ct));
        _edge.Options.Tls.PublicPort = 443;
        Assert.Equal((308, $"https://{Host}/"), await AskAsync(Host, "/"));
        _edge.Options.Tls.RedirectHttp = false;
        Assert.Equal((200, null), await AskAsync(Host, "/"));
    }

    [Fact]
    public async Task Renewed_files_are_taken_and_no_connection_is_lost()
    {
        var first = _certificates.Write("shop.test", [Host]);
        await TakenAsync(1);
        using var before = _certificates.Client();
        await using var stream = await before.GetStreamAsync(Url(Host, "/slow"), Ct);
        var byteOfIt = new byte[1];
        Assert.Equal(1, await stream.ReadAsync(byteOfIt, Ct));

        var second = _certificates.Write("shop.test", [Host], TimeProvider.System.GetUtcNow().AddDays(80));
        Assert.NotEqual(first, second);
        await Looking.UntilAsync(async () => await SerialAsync(Host) == second ? "taken" : null, Patience, "the renewed certificate");
        Slow.Release();
        Assert.Equal(1, await stream.ReadAsync(byteOfIt, Ct));
        Assert.Equal("b", Encoding.ASCII.GetString(byteOfIt));

        File.Delete(Path.Combine(_certificates.Folder, "shop.test.pem"));
        await TakenAsync(0);
        using var after = _certificates.Client();
        await Assert.ThrowsAsync<HttpRequestException>(() => after.GetStringAsync(Url(Host), Ct));
    }

    [Fact]
    public async Task File_that_is_wrong_is_named_and_costs_its_own_hosts_only()
    {
        var good = _certificates.Write("shop.test", [Host]);
        _certificates.Write("other", ["other.test"]);
        await TakenAsync(2);
        _certificates.Write("keyless", ["keyless.test"], keySuffix: null);
        File.WriteAllText(Path.Combine(_certificates.Folder, "nonsense.pem"), "no certificate");
        File.WriteAllText(Path.Combine(_certificates.Folder, "nonsense-key.pem"), "no key");
        File.WriteAllText(Path.Combine(_certificates.Folder, "alone.crt"), "no certificate");
        // A renewal that came only half: the one before serves on.
        await File.WriteAllTextAsync(Path.Combine(_certificates.Folder, "shop.test-key.pem"), await File.ReadAllTextAsync(Path.Combine(_certificates.Folder, "other-key.pem"), Ct), Ct);
        _certificates.Write("expired", ["expired.test"], TimeProvider.System.GetUtcNow().AddDays(-1));

        var all = await Looking.UntilAsync(async () => (await _reader.ReadAsync(Ct))?.Certificates is { Count: 6 } found && found.Count(c => c.Fault is not null) == 4 ? found : null, Patience, "the faults");
        var faults = all.ToDictionary(c => Path.GetFileName(c.File), c => c.Fault);
        Assert.Contains("holds no private key", faults["keyless.pem"], StringComparison.Ordinal);
        Assert.Contains("no certificate in PEM form", faults["nonsense.pem"], StringComparison.Ordinal);
        Assert.Contains("alone.key is not there", faults["alone.crt"], StringComparison.Ordinal);
        Assert.Contains("shop.test-key.pem belongs to another certificate", faults["shop.test.pem"], StringComparison.Ordinal);
        Assert.Null(faults["other.pem"]);
        Assert.Equal(good, await SerialAsync(Host));
        Assert.True(all.Single(c => c.File.EndsWith("expired.pem", StringComparison.Ordinal)).NotAfter < TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Ones_own_certificate_goes_before_an_automatic_one_and_a_valid_one_before_both()
    {
        using var automatic = new WrittenCertificates(_edge.Options.Tls.AutomaticFolder);
        automatic.Write("shop.test", [Host], TimeProvider.System.GetUtcNow().AddDays(90));
        var own = _certificates.Write("shop.test", [Host], TimeProvider.System.GetUtcNow().AddDays(10));
        await TakenAsync(2);
        Assert.Equal(own, await SerialAsync(Host));
        _certificates.Write("shop.test", [Host], TimeProvider.System.GetUtcNow().AddDays(-1));
        await Looking.UntilAsync(async () => await SerialAsync(Host) is { } serial && serial != own ? serial : null, Patience, "the automatic one");
        Assert.Equal([false, true], (await _reader.ReadAsync(Ct))!.Certificates.Select(c => c.IsOwn).Order());
    }

    [Fact]
    public async Task Control_plane_answers_other_machines_over_tls()
    {
        var outside = NetworkInterface.GetAllNetworkInterfaces().Where(n => n.OperationalStatus == OperationalStatus.Up).SelectMany(n => n.GetIPProperties().UnicastAddresses).Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        Assert.SkipWhen(outside is null, "this machine has no address but loopback");
        _certificates.Write("wild", ["*.wild.test"]);
        await _edge.StopAsync();
        _edge.Options.BindPublic = true;
        await _edge.StartAsync();
        using var handler = _certificates.Handler();
        handler.ConnectCallback = async (context, ct) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(outside, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        };
        using var client = new HttpClient(handler);
        Assert.Equal("https HTTP/1.1 slipway.wild.test", await client.GetStringAsync(Url("slipway.wild.test"), Ct));
    }

    [Fact]
    public async Task Authoritys_question_is_answered_from_its_file_and_everything_else_goes_to_the_app()
    {
        _certificates.Write("shop.test", [Host]);
        await TakenAsync(1);
        var folder = Directory.CreateDirectory(Path.Combine(_edge.Options.Tls.ChallengeFolder, ".well-known", "acme-challenge")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "tok-en_1"), "tok-en_1.thumbprint", Ct);
        await File.WriteAllTextAsync(Path.Combine(_edge.Options.Tls.ChallengeFolder, "secret"), "secret", Ct);
        using (var answer = await _edge.GetAsync("/.well-known/acme-challenge/tok-en_1", Host))
            Assert.Equal("tok-en_1.thumbprint", await answer.Content.ReadAsStringAsync(Ct));
        foreach (var path in new[] { "/.well-known/acme-challenge/other", "/.well-known/acme-challenge/", "/.well-known/acme-challenge/..%2F..%2Fsecret", "/.well-known/acme-challenge/tok-en_1/" })
            Assert.Equal((200, null), await AskAsync("other.test", path));
    }

    [Fact]
    public async Task Port_that_was_asked_for_and_is_taken_is_told_by_its_setting()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var edge = new EdgeUnderTest();
        edge.Options.Tls.Port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var told = await Assert.ThrowsAsync<EdgePortTakenException>(edge.StartAsync);
        Assert.Contains("Slipway:Edge:Tls:Port", told.Message, StringComparison.Ordinal);
    }

    private SemaphoreSlim Slow { get; } = new(0);

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/echo")
        {
            await context.Request.Body.CopyToAsync(context.Response.Body);
            return;
        }

        if (context.Request.Path == "/slow")
        {
            await context.Response.WriteAsync("a");
            await context.Response.Body.FlushAsync();
            await Slow.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("b");
            return;
        }

        if (context.WebSockets.IsWebSocketRequest)
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[100];
            var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
            await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, true, context.RequestAborted);
            await socket.ReceiveAsync(buffer, context.RequestAborted);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
            return;
        }

        await context.Response.WriteAsync($"{context.Request.Headers["X-Forwarded-Proto"]} {context.Request.Protocol} {context.Request.Host.Host}");
    }

    private Uri Url(string host, string path = "/") => new($"https://{host}:{_port}{path}");

    private Task TakenAsync(int certificates) => Looking.UntilAsync(async () => (await _reader.ReadAsync(Ct))?.Certificates.Count(c => c.Fault is null) == certificates ? "taken" : null, Patience, $"{certificates} certificates");

    private async Task<(int Status, string? Location)> AskAsync(string host, string path)
    {
        using var client = await RawClient.ConnectAsync(_edge.Address);
        await client.SendAsync($"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        var answer = await client.ReadToEndAsync(Ct);
        var location = answer.Split("\r\n").FirstOrDefault(l => l.StartsWith("Location: ", StringComparison.OrdinalIgnoreCase));
        return (int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), location?["Location: ".Length..]);
    }

    /// <summary>What a new connection is shown, trusted or not.</summary>
    private async Task<string?> SerialAsync(string host)
    {
        string? serial = null;
        using var client = _certificates.Client(s => serial = s);
        try
        {
            using var _ = await client.GetAsync(Url(host), Ct);
        }
        catch (HttpRequestException)
        {
            // By another authority: seen all the same.
        }

        return serial;
    }
}
