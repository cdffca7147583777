using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Domains;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Testing;

namespace Core.Tests.Domains;

public class DomainNameTests
{
    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData(" WWW.Example.COM. ", "www.example.com")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("notapps.example.com", "notapps.example.com")]
    public void A_name_is_taken_in_its_comparable_form(string given, string host) => Assert.Equal(host, DomainName.Check(given, "apps.example.com").Value);

    [Theory]
    [InlineData(null, "domain.invalid")]
    [InlineData("", "domain.invalid")]
    [InlineData("example", "domain.invalid")]
    [InlineData("https://example.com", "domain.invalid")]
    [InlineData("example.com/shop", "domain.invalid")]
    [InlineData("example.com:443", "domain.invalid")]
    [InlineData("exa mple.com", "domain.invalid")]
    [InlineData("-a.example.com", "domain.invalid")]
    [InlineData("10.0.0.1", "domain.invalid")]
    [InlineData("[::1]", "domain.invalid")]
    [InlineData("*.example.com", "domain.wildcard")]
    [InlineData("apps.example.com", "domain.base_domain")]
    [InlineData("Shop.Apps.example.com", "domain.base_domain")]
    [InlineData("shop.localhost", "domain.base_domain")]
    public void What_is_none_is_refused_with_its_code(string? given, string code) => Assert.Equal(code, DomainName.Check(given, "apps.example.com").Failure?.Code);

    [Fact]
    public void Domains_are_routed_as_production_is_and_redirects_whatever_it_is()
    {
        var shop = StoreSamples.Project(TimeProvider.System) with { Name = "shop" };
        var d = StoreSamples.Deployment(TimeProvider.System, shop) with { State = DeploymentState.Ready };
        var instance = new Instance(InstanceId.Of(d.Id), d.Id, "sha256:1", InstanceState.Running, "10.0.0.2", 3000, null, null, null, false);
        Domain[] domains = [Of("example.com", null), Of("www.example.com", "example.com"), Of("old.apps.test", null)];

        var routes = Compute(d.Id, [d]).ToDictionary(r => r.Host);
        Assert.Equal(routes["shop.apps.test"] with { Host = "example.com", Destinations = [] }, routes["example.com"] with { Destinations = [] });
        Assert.Equal(["10.0.0.2:3000"], routes["example.com"].Destinations);
        Assert.Equal((RouteKind.Redirect, "example.com"), (routes["www.example.com"].Kind, routes["www.example.com"].RedirectTo));
        // The base domain came over it since: its hosts are given out by their own rule.
        Assert.DoesNotContain("old.apps.test", routes.Keys);
        Assert.Equal(["www.example.com"], Compute(null, []).Select(r => r.Host));

        Domain Of(string host, string? to) => new(host, shop.Id, shop.Team, to, DateTimeOffset.UnixEpoch);

        IReadOnlyList<Route> Compute(DeploymentId? production, Deployment[] all) => new RouteRule("apps.test", null, _ => null)
            .Compute([shop with { Production = production }], all, domains, new Seen([instance], new HashSet<DeploymentId>(), new HashSet<DeploymentId>(), new Dictionary<DeploymentId, SleepDepth>()));
    }
}
