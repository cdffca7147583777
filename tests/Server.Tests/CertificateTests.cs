using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Slipway.Core;
using Slipway.Core.Certificates;
using Slipway.Server.Hosting.Certificates;
using Slipway.Testing.InMemory;

namespace Server.Tests;

/// <summary>What the control plane keeps of certificates, and how it sees where a host leads.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly SlipwayHome _home = new(Directory.CreateTempSubdirectory("slipway-acme-").FullName);
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_home.Root, recursive: true);

    [Fact]
    public void What_was_asked_and_refused_outlives_a_restart()
    {
        var file = new LedgerFile(Path.Combine(_home.Acme, "ledger.json"));
        Assert.Empty(file.Read().Asked);
        var ledger = CertificateLedger.Empty.WithAsked(_time.GetUtcNow()).WithRefused("a.test", new Failure(CertificateFailures.NotProved, "no answer", "point it here"), new AcmeOptions(), _time.GetUtcNow()).WithObtained("b.test", new AcmeOptions());
        file.Write(ledger);
        Assert.Equal((ledger.Asked.Single(), ledger.Refused["a.test"]), (file.Read().Asked.Single(), file.Read().Refused["a.test"]));
        Assert.Equal(new AcmeOptions().DirectoryUrl.ToString(), file.Read().From["b.test"]);
        File.WriteAllText(Path.Combine(_home.Acme, "ledger.json"), "{");
        Assert.Empty(file.Read().Refused);
    }

    [Fact]
    public async Task A_certificate_is_one_closed_file_and_goes_a_day_after_its_end_when_nobody_wants_it()
    {
        var folder = new FetchedCertificates(_home);
        var authority = new InMemoryCertificateAuthority(_time);
        foreach (var name in new[] { "shop.test", "*.apps.test" }) await folder.WriteAsync(name, (await authority.ObtainAsync(name, Ct)).Value, Ct);
        Assert.Equal(["_.apps.test.pem", "shop.test.pem"], Files());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.PathOf("shop.test")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_home.AutomaticCertificates));
        using (var read = X509Certificate2.CreateFromPemFile(folder.PathOf("shop.test"))) Assert.True(read.HasPrivateKey);

        folder.Tidy([], _time.GetUtcNow().AddDays(90.5));
        Assert.Equal(2, Files().Length);
        folder.Tidy(["shop.test"], _time.GetUtcNow().AddDays(92));
        Assert.Equal(["shop.test.pem"], Files());

        string[] Files() => [.. Directory.GetFiles(_home.AutomaticCertificates).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Where_edge_and_server_share_the_run_folder_alone_the_group_may_read_it()
    {
        var shared = _home with { Run = Path.Combine(_home.Root, "shared") };
        var folder = new FetchedCertificates(shared);
        await folder.WriteAsync("shop.test", (await new InMemoryCertificateAuthority(_time).ObtainAsync("shop.test", Ct)).Value, Ct);
        Assert.Equal(Path.Combine(shared.Run, "certificates", "shop.test.pem"), folder.PathOf("shop.test"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(folder.PathOf("shop.test")));
    }

    [Fact]
    public async Task A_host_that_leads_elsewhere_or_nowhere_is_seen_before_anybody_is_asked()
    {
        var reach = new HostReach(_home, TimeProvider.System);
        Assert.Equal(CertificateFailures.NoAddress, (await reach.CheckAsync("shop.invalid", Ct))?.Code);

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        // A front that sends on to https is not followed: where it leads is its own choice.
        foreach (var (status, isOurs, code) in new[] { ("200 OK", false, CertificateFailures.Elsewhere), ("301 Moved Permanently\r\nLocation: http://127.0.0.1:1/", false, null), ("200 OK", true, null) })
        {
            var answering = AnswerAsync(listener, status, isOurs);
            Assert.Equal(code, (await reach.CheckAsync("127.0.0.1", Ct, port))?.Code);
            await answering;
        }

        // Not reached from here says nothing of the world.
        listener.Stop();
        Assert.Null(await reach.CheckAsync("127.0.0.1", Ct, port));
        Assert.Empty(Directory.GetFiles(_home.Challenges, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_link_is_https_where_the_edge_shows_a_valid_certificate()
    {
        var secure = new SecureHosts(_time);
        var now = _time.GetUtcNow();
        Assert.Null(secure.PortOf("shop.test"));
        var held = new HeldCertificates([new(["shop.test", "shop.localhost"], now.AddDays(-1), now.AddDays(1), false)]);
        secure.See(8443, held);
        Assert.Equal((8443, null, null), (secure.PortOf("shop.test"), secure.PortOf("other.test"), secure.PortOf("shop.localhost")));
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Null(secure.PortOf("shop.test"));
        secure.See(0, held);
        Assert.False(secure.IsServed);
    }

    /// <summary>One request, answered by the file that it asks for or by another page.</summary>
    private async Task AnswerAsync(TcpListener listener, string status, bool isOurs)
    {
        using var client = await listener.AcceptTcpClientAsync(Ct);
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, leaveOpen: true);
        var path = (await reader.ReadLineAsync(Ct))!.Split(' ')[1];
        var body = isOurs ? await File.ReadAllTextAsync(_home.Challenges + path, Ct) : "welcome";
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), Ct);
    }
}
