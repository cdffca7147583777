using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Slipway.Client;
using Slipway.Testing.Hosting;

namespace EndToEnd.Tests.Certificates;

/// <summary>Certificates by ACME: asked for, refused, got, served under, renewed; never for a host that nobody added.</summary>
[Trait("needs", "engine")]
[Trait("story", "certificates")]
public sealed class CertificateStory(CertifiedInstallation slipway) : IClassFixture<CertifiedInstallation>
{
    private const string Project = "certified";
    private const string Host = "shop.example.test";
    private const string Unknown = "unknown.example.test";

    /// <summary>Renewed when a third of it is left.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hosts_that_we_know_get_certificates_which_are_served_under_and_renewed()
    {
        var folder = Directory.CreateTempSubdirectory("e2e-certificates-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "one", Ct);
        var (exit, deployed, ran) = await slipway.DeployAsync(folder, "--project", Project);
        Assert.True(exit == 0, ran.ToString());
        Assert.Equal(0, (await slipway.RunAsync("domains", "add", Project, Host)).ExitCode);

        // Nobody answers at the authority: it is said, with when it is tried again, and served all the same.
        var refused = await CertificateAsync(Host, c => c is { State: "failed", Failure.Code: "certificate.authority_unreachable", AgainAt: not null });
        Assert.NotNull(refused.Failure?.Hint);
        var told = await slipway.RunAsync("domains", "ls", Project);
        Assert.Contains("does not answer", told.Output, StringComparison.Ordinal);
        Assert.Equal((200, "one"), await slipway.GetAsync($"http://{Host}"));

        await slipway.Pebble.StartAsync(slipway.Port, Life);
        await CertificateAsync(Host, c => c is { State: "valid", Failure: null });
        await CertificateAsync($"*.{CertifiedInstallation.BaseDomain}", c => c is { State: "valid", Failure: null });
        Assert.Contains($"https://{Host}:{slipway.TlsPort}", (await slipway.RunAsync("domains", "ls", Project)).Output, StringComparison.Ordinal);

        var serials = new List<string>();
        using var browser = await BrowserAsync(serials);
        Assert.Equal("one", await browser.GetStringAsync(new Uri($"https://{Host}:{slipway.TlsPort}/"), Ct));
        var view = await slipway.Api.GetDeploymentAsync(deployed["id"]!.GetValue<string>(), Ct);
        foreach (var url in new[] { view.ProductionUrl, view.PreviewUrl })
        {
            Assert.StartsWith("https://", url, StringComparison.Ordinal);
            Assert.Equal("one", await browser.GetStringAsync(new Uri(url), Ct));
        }

        Assert.Equal(308, (await slipway.GetAsync($"http://{Host}")).Status);
        using (var dashboard = await browser.GetAsync(new Uri($"https://slipway.{CertifiedInstallation.BaseDomain}:{slipway.TlsPort}/health/live"), Ct)) Assert.Equal(HttpStatusCode.OK, dashboard.StatusCode);
        Assert.StartsWith($"https://slipway.{CertifiedInstallation.BaseDomain}:{slipway.TlsPort}/login/", (await slipway.RunAsync("open")).Output, StringComparison.Ordinal);

        // A name that nobody added gets no connection, and no authority ever heard of it.
        await Assert.ThrowsAsync<HttpRequestException>(() => browser.GetStringAsync(new Uri($"https://{Unknown}:{slipway.TlsPort}/"), Ct));
        Assert.Equal(404, (await slipway.GetAsync($"http://{Unknown}")).Status);

        // The connection that is open goes on, under the certificate that it began with; a new one gets the new.
        var first = serials[0];
        await Looking.UntilAsync(async () =>
        {
            Assert.Equal("one", await browser.GetStringAsync(new Uri($"https://{Host}:{slipway.TlsPort}/"), Ct));
            serials.Clear();
            using var anew = await BrowserAsync(serials);
            Assert.Equal("one", await anew.GetStringAsync(new Uri($"https://{Host}:{slipway.TlsPort}/"), Ct));
            return serials[0] == first ? null : "renewed";
        }, Life, "a renewed certificate");
        Assert.DoesNotContain(Unknown, slipway.Pebble.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(await slipway.Api.ListCertificatesAsync(Ct), c => c.Host == Unknown);
        Directory.Delete(folder, recursive: true);
    }

    private Task<CertificateView> CertificateAsync(string host, Func<CertificateView, bool> isThere) => Looking.UntilAsync(async () =>
        (await slipway.Api.ListCertificatesAsync(Ct)).FirstOrDefault(c => c.Host == host && isThere(c)), Patience, $"the certificate of {host}; {slipway.Pebble.Log}");

    /// <summary>Trusts the authority alone; every name is this machine.</summary>
    private async Task<HttpClient> BrowserAsync(List<string> serials)
    {
        var root = await slipway.Pebble.RootAsync();
        return new(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectCallback = async (context, ct) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { root }, RevocationMode = X509RevocationMode.NoCheck },
                RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                {
                    serials.Add(certificate?.GetSerialNumberString() ?? "");
                    return errors == SslPolicyErrors.None;
                },
            },
        });
    }
}
