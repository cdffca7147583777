using System.Globalization;
using Contract.Tests.Routing;
using Microsoft.Extensions.Options;
using Slipway.Acme;
using Slipway.Core.Certificates;
using Slipway.Testing.Acme;
using Slipway.Testing.Contracts;
using Slipway.Testing.InMemory;

namespace Contract.Tests.Certificates;

public sealed class InMemoryCertificateAuthorityTests : CertificateAuthorityContract
{
    protected override Task<CertificateAuthorityHarness> StartAsync() => Task.FromResult<CertificateAuthorityHarness>(new World());

    private sealed class World : CertificateAuthorityHarness
    {
        private readonly InMemoryCertificateAuthority _authority = new(TimeProvider.System) { Strangers = { "stranger.example.test" } };

        public override ICertificateAuthority Authority => _authority;

        public override string Stranger => "stranger.example.test";

        public override Task StopAsync()
        {
            _authority.IsUp = false;
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

/// <summary>lego at a real Pebble: HTTP-01 answered by a real edge, DNS-01 by lego's provider <c>httpreq</c>.</summary>
public sealed class LegoAuthorityTests : CertificateAuthorityContract
{
    protected override async Task<CertificateAuthorityHarness> StartAsync()
    {
        PebbleServer.Require();
        return await LegoWorld.StartAsync();
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_told_with_how_to_install_it()
    {
        using var lego = Authority(new AcmeOptions { Email = "a@example.test", Program = "/nowhere/lego" });
        var failure = (await lego.ObtainAsync("shop.example.test", TestContext.Current.CancellationToken)).Failure;
        Assert.Equal(CertificateFailures.ProgramMissing, failure?.Code);
        Assert.Contains("sudo apt-get install lego", failure?.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, "A=b", "is open to others")]
    [InlineData(UnixFileMode.UserRead, "A=b\nsecret without a name", "line 2 of ")]
    public async Task Variables_of_the_provider_are_read_from_a_closed_file_only_and_never_told(UnixFileMode mode, string text, string expected)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file, mode);
        using var lego = Authority(new AcmeOptions { Email = "a@example.test", DnsProvider = "httpreq", DnsVariablesFile = file });
        var failure = (await lego.ObtainAsync("*.apps.example.test", TestContext.Current.CancellationToken)).Failure;
        Assert.Equal(CertificateFailures.Dns, failure?.Code);
        Assert.Contains(expected, failure?.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure?.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public void No_secret_stands_in_a_command()
    {
        using var lego = Authority(new AcmeOptions { Email = "a@example.test", DnsProvider = "httpreq", DnsVariablesFile = "/etc/slipway/dns", DnsResolvers = "10.0.0.1:53, 10.0.0.2:53", DnsWait = false });
        Assert.Equal(["--dns", "httpreq", "--dns.resolvers", "10.0.0.1:53", "--dns.resolvers", "10.0.0.2:53", "--dns.disable-cp", "--domains", "*.apps.example.test", "run"], lego.Arguments("*.apps.example.test").SkipWhile(a => a != "--dns"));
        Assert.Equal(["--http", "--http.webroot", "/nowhere/challenges", "--domains", "shop.example.test", "run"], lego.Arguments("shop.example.test").SkipWhile(a => a != "--http"));
    }

    private static LegoAuthority Authority(AcmeOptions options)
    {
        var paths = new AcmePaths(Path.Combine(Path.GetTempPath(), "slipway-acme-none"), "/nowhere/challenges");
        return new(new LegoProgram(paths, Options.Create(options), TimeProvider.System), paths, Options.Create(options));
    }

    private sealed class LegoWorld : CertificateAuthorityHarness
    {
        private readonly PebbleServer _pebble = new();
        private readonly EdgeUnderTest _edge = new();
        private LegoAuthority? _authority;

        public override ICertificateAuthority Authority => _authority ?? throw new InvalidOperationException("not started");

        /// <summary>Whose DNS nobody writes to.</summary>
        public override string Stranger => "stranger.servfail.test";

        public static async Task<LegoWorld> StartAsync()
        {
            var world = new LegoWorld();
            var challenges = Directory.CreateDirectory(Path.Combine(world._edge.Folder, "edge", "acme")).FullName;
            world._edge.Options.Tls.ChallengeFolder = challenges;
            await world._edge.StartAsync();
            await world._pebble.StartDnsAsync();
            await world._pebble.FailAsync(world.Stranger);
            await world._pebble.StartAsync(world._edge.Address.Port, TimeSpan.FromDays(90));
            var variables = Path.Combine(world._edge.Folder, "dns.env");
            await File.WriteAllTextAsync(variables, string.Create(CultureInfo.InvariantCulture, $"# for httpreq\nHTTPREQ_ENDPOINT={world._pebble.DnsEndpoint}\nHTTPREQ_POLLING_INTERVAL=\"1\"\n"));
            File.SetUnixFileMode(variables, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            var options = Options.Create(new AcmeOptions
            {
                Email = "you@example.test",
                AgreeToTerms = true,
                Directory = world._pebble.DirectoryUrl,
                AuthorityFile = world._pebble.AuthorityFile,
                DnsProvider = "httpreq",
                DnsVariablesFile = variables,
                DnsResolvers = world._pebble.Resolver,
                DnsWait = false,
            });
            Assert.Null(options.Value.Fault());
            var paths = new AcmePaths(Path.Combine(world._edge.Folder, "acme"), challenges);
            world._authority = new LegoAuthority(new LegoProgram(paths, options, TimeProvider.System), paths, options);
            return world;
        }

        public override Task StopAsync() => _pebble.KillAsync();

        public override async ValueTask DisposeAsync()
        {
            _authority?.Dispose();
            await _pebble.DisposeAsync();
            await _edge.DisposeAsync();
        }
    }
}
