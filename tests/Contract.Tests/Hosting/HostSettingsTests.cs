using Slipway.Core.Hosting;
using Slipway.Host;

namespace Slipway.Contract.Tests.Hosting;

public sealed class HostSettingsTests
{
    [Theory]
    [InlineData(null, "nameserver 10.1.1.1\nnameserver 10.1.1.2\n", null, "10.1.1.1 10.1.1.2")]
    [InlineData(null, "# nameserver 9.9.9.9\n nameserver\t10.1.1.1\r\nsearch x", null, "10.1.1.1")]
    [InlineData(null, "nameserver 127.0.0.53\noptions edns0", "nameserver 10.2.2.2\n", "10.2.2.2")]
    [InlineData(null, "nameserver 127.0.0.1", "nameserver 10.2.2.2", "8.8.8.8 8.8.4.4")]
    [InlineData(null, "nameserver 127.0.0.53", null, "8.8.8.8 8.8.4.4")]
    [InlineData(null, "nameserver 127.0.0.1\nnameserver 10.1.1.1", null, "10.1.1.1")]
    [InlineData(null, "nameserver fd00::1\nnameserver 10.1.1.1", null, "10.1.1.1")]
    [InlineData(null, null, null, "8.8.8.8 8.8.4.4")]
    [InlineData("""{"dns":["10.3.3.3"]}""", "nameserver 10.1.1.1", null, "10.3.3.3")]
    [InlineData("""{"dns":[]}""", "nameserver 10.1.1.1", null, "10.1.1.1")]
    [InlineData("{ broken", "nameserver 10.1.1.1", null, "10.1.1.1")]
    public void Nameservers_are_those_that_the_engine_gives_to_containers(string? daemon, string? host, string? resolved, string expected) =>
        Assert.Equal(expected, string.Join(' ', Nameservers.OfEngine(daemon, host, resolved)));

    [Theory]
    [InlineData("registry=https://npm.corp.example/api/npm/", "npm.corp.example:443")]
    [InlineData("registry=http://10.0.0.5:4873", "10.0.0.5:4873")]
    [InlineData("# registry=http://10.0.0.5:4873\n;http://a/", "")]
    [InlineData("""<add key="x" value="https://nuget.corp.example:8443/v3/index.json" />""", "nuget.corp.example:8443")]
    [InlineData("""<!-- <add value="https://old.example/" /> --><a value="https://new.example/"/>""", "new.example:443")]
    [InlineData("deb [arch=amd64] http://mirror.corp.example/debian bookworm main", "mirror.corp.example:80")]
    [InlineData("URIs: http://a.example/debian http://b.example/debian", "a.example:80 b.example:80")]
    [InlineData("https://proxy.a.example,https://proxy.b.example,direct", "proxy.a.example:443 proxy.b.example:443")]
    [InlineData("http://user:secret@proxy.example:3128", "proxy.example:3128")]
    [InlineData("//registry.example/:_authToken=abc", "")]
    [InlineData("http://", "")]
    public void Package_sources_are_found_in_settings(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', PackageSources.In(text).Select(host => $"{host.Host}:{host.Port}")));

    [Theory]
    [InlineData("db.corp.example:5432", "db.corp.example", 5432)]
    [InlineData("10.0.0.5:80", "10.0.0.5", 80)]
    public void Allowed_address_is_name_and_port(string text, string host, int port)
    {
        var endpoint = HostNetwork.Endpoint(text);

        Assert.Equal((host, port), (endpoint.Host, endpoint.Port));
    }

    [Theory]
    [InlineData("db.corp.example")]
    [InlineData(":80")]
    [InlineData("a:0")]
    [InlineData("a:99999")]
    public void Allowed_address_without_a_port_is_refused(string text) =>
        Assert.Contains(text, Assert.Throws<InvalidOperationException>(() => HostNetwork.Endpoint(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Error: No such file or directory\nlist table inet slipway_x", "not there")]
    [InlineData("Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted", "does not let")]
    [InlineData("/dev/stdin:3:1-3: Error: syntax error, unexpected x", "syntax error")]
    public void Refusals_of_nft_become_words(string errors, string words) =>
        Assert.Contains(words, NftRefusal.Of(errors).Reason, StringComparison.Ordinal);

    [Fact]
    public void Public_address_needs_no_leave() => Assert.False(PrivateRanges.Contain(System.Net.IPAddress.Parse("203.0.113.80")));
}
