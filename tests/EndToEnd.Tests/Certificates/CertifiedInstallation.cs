using Slipway.Testing.Acme;

namespace EndToEnd.Tests.Certificates;

/// <summary>A public Slipway that fetches its certificates from a Pebble of its own, which is not up yet.</summary>
public sealed class CertifiedInstallation : Installation
{
    public const string BaseDomain = "apps.example.test";

    private static readonly string Variables = Path.GetTempFileName();

    public CertifiedInstallation() : this(new PebbleServer(), FreePort())
    {
    }

    private CertifiedInstallation(PebbleServer pebble, int tlsPort) : base(new Dictionary<string, string>
    {
        ["Slipway__Edge__BindPublic"] = "true",
        ["Slipway__Edge__BaseDomain"] = BaseDomain,
        ["Slipway__Edge__Tls__Port"] = $"{tlsPort}",
        ["Slipway__Edge__Tls__LookEvery"] = "00:00:00.25",
        ["Slipway__Acme__Email"] = "you@example.test",
        ["Slipway__Acme__AgreeToTerms"] = "true",
        ["Slipway__Acme__Directory"] = pebble.DirectoryUrl,
        ["Slipway__Acme__AuthorityFile"] = pebble.AuthorityFile,
        ["Slipway__Acme__DnsProvider"] = "httpreq",
        ["Slipway__Acme__DnsVariablesFile"] = Variables,
        ["Slipway__Acme__DnsResolvers"] = pebble.Resolver,
        ["Slipway__Acme__DnsWait"] = "false",
        ["Slipway__Acme__CheckFirst"] = "false",
        ["Slipway__Acme__PerHour"] = "1000",
        ["Slipway__Acme__PerDay"] = "1000",
        ["Slipway__Acme__RetryAfter"] = "00:00:01",
        ["Slipway__Acme__RetryAtMost"] = "00:00:02",
        ["Slipway__Acme__LookEvery"] = "00:00:00.5",
    }) => (Pebble, TlsPort) = (pebble, tlsPort);

    public PebbleServer Pebble { get; }

    public int TlsPort { get; }

    public override async ValueTask InitializeAsync()
    {
        PebbleServer.Require();
        await Pebble.StartDnsAsync();
        await File.WriteAllTextAsync(Variables, $"HTTPREQ_ENDPOINT={Pebble.DnsEndpoint}\nHTTPREQ_POLLING_INTERVAL=1\n");
        File.SetUnixFileMode(Variables, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Pebble.DisposeAsync();
        File.Delete(Variables);
    }
}
