using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Domains;
using Slipway.Core.Pipeline.Planning.Rules;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;
using Slipway.Testing;

namespace Core.Tests.Routing;

public class RouteRuleTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 5, 0, TimeSpan.Zero);
    private static readonly Project Shop = StoreSamples.Project(TimeProvider.System) with { Name = "shop" };

    [Fact]
    public void What_has_ended_says_when_and_why()
    {
        var d = Of(DeploymentState.Ended) with { Ended = new Ending(At, EndReason.Idle, "nobody used it for 14 days") };
        var route = Assert.Single(Routes(d));
        Assert.Equal((RouteKind.Ended, "It ended on 1 March 2026, 12:05 UTC: nobody used it for 14 days."), (route.Kind, route.Note));
        Assert.Null(Assert.Single(Routes(d with { Ended = null })).Note);
        Assert.Equal("It ended on 1 March 2026, 12:05 UTC: it was removed by hand.", Assert.Single(Routes(d with { Ended = new Ending(At, EndReason.Removed, null) })).Note);
    }

    [Fact]
    public void The_address_of_what_ended_leads_to_what_was_built_again_of_it()
    {
        var first = Of(DeploymentState.Ended);
        var second = Of(DeploymentState.Ended) with { RetryOf = first.Id };
        var third = Of(DeploymentState.Building) with { RetryOf = second.Id };
        Assert.All(new[] { first, second, third }, d => Assert.Equal((RouteKind.Building, third.Id), Preview([first, second, third], d)));

        // One that serves is not given up for one that is only on its way.
        var fourth = Of(DeploymentState.Ready) with { RetryOf = first.Id, CreatedAt = third.CreatedAt.AddHours(-1) };
        Assert.Equal((RouteKind.Unavailable, fourth.Id), Preview([first, second, third, fourth], first));
        Assert.Equal((RouteKind.Building, third.Id), Preview([first, second, third, fourth], second));
    }

    [Fact]
    public void What_is_there_keeps_its_own_address_though_it_was_deployed_again()
    {
        var first = Of(DeploymentState.Ready);
        var second = Of(DeploymentState.Building) with { RetryOf = first.Id };
        Assert.Equal((RouteKind.Unavailable, first.Id), Preview([first, second], first));
    }

    [Fact]
    public void Rules_of_what_serves_go_with_all_its_hosts_and_are_there_once()
    {
        var d = Of(DeploymentState.Ready) with { Plan = StoreSamples.Plan };
        var same = Of(DeploymentState.Ready) with { Plan = StoreSamples.Plan with { Rules = StoreSamples.Plan.Rules! with { } } };
        var other = Of(DeploymentState.Ready) with { Plan = StoreSamples.Plan with { Rules = new EdgeRules { CleanUrls = true } } };
        var failed = Of(DeploymentState.Error) with { Plan = StoreSamples.Plan };
        Deployment[] all = [d, same, other, failed];

        var routes = Routes(all);
        var named = RulesName.Named(routes, all);

        Assert.Equal(2, named?.Count);
        Assert.All(routes, r => Assert.Equal(r.Deployment == failed.Id, r.Rules is null));
        Assert.Equal(RulesName.Of(d), RulesName.Of(same));
        Assert.Equal(other.Plan.Rules, named?[RulesName.Of(other)!]);
        Assert.Null(RulesName.Named(Routes(failed), all));
    }

    [Theory]
    [InlineData(DeploymentState.Deploying, false, false)]
    [InlineData(DeploymentState.Deploying, true, true)]
    [InlineData(DeploymentState.Error, false, false)]
    [InlineData(DeploymentState.Canceled, false, false)]
    [InlineData(DeploymentState.Ended, false, true)]
    [InlineData(DeploymentState.Ready, false, true)]
    public void Who_served_before_does_until_the_one_pointed_at_was_found_well(DeploymentState state, bool isHealthy, bool isServed)
    {
        var (before, now) = (Of(DeploymentState.Ready), Of(state));
        var shop = Shop.PointedAt(before.Id, ProductionCause.Ready, At).PointedAt(now.Id, ProductionCause.Ready, At.AddMinutes(1));
        var seen = new Seen([], isHealthy ? new HashSet<DeploymentId> { now.Id } : [], new HashSet<DeploymentId>(), new Dictionary<DeploymentId, SleepDepth>());
        Deployment? Production(params Deployment[] all) => all.SingleOrDefault(d => d.Id == new RouteRule("localhost", null, _ => null).Compute([shop], all, [], seen).Single(r => r.Host == "shop.localhost").Deployment);

        Assert.Equal(isServed ? now : before, Production(before, now));
        Assert.Equal(now, Production(now));
    }

    [Theory]
    [InlineData(ProtectedHosts.All, "hash", "hash")]
    [InlineData(ProtectedHosts.Previews, "hash", null)]
    public void A_projects_password_is_asked_for_at_the_hosts_that_it_says(ProtectedHosts hosts, string preview, string? production)
    {
        var shop = Shop with { Protection = new ProtectionSettings(new Secret("hash"), hosts) };
        var d = StoreSamples.Deployment(TimeProvider.System, shop) with { State = DeploymentState.Ready };
        d = d with { Source = d.Source with { Branch = "main" } };
        var other = StoreSamples.Project(TimeProvider.System) with { Name = "other" };
        Domain[] domains = [new("shop.test", shop.Id, shop.Team, null, At), new("www.shop.test", shop.Id, shop.Team, "shop.test", At)];
        var nothing = new Seen([], new HashSet<DeploymentId>(), new HashSet<DeploymentId>(), new Dictionary<DeploymentId, SleepDepth>());

        var routes = new RouteRule("localhost", "127.0.0.1:1", _ => null).Compute([shop with { Production = d.Id }, other], [d, StoreSamples.Deployment(TimeProvider.System, other)], domains, nothing);

        var asked = routes.ToDictionary(r => r.Host, r => r.PasswordHash);
        Assert.Equal((preview, preview), (asked[$"{d.PreviewLabel}.localhost"], asked["shop-git-main.localhost"]));
        Assert.Equal((production, production), (asked["shop.localhost"], asked["shop.test"]));
        Assert.Equal((null, null, null), (asked["www.shop.test"], asked["slipway.localhost"], asked["other.localhost"]));
        Assert.DoesNotContain("hash", routes.Single(r => r.Host == "shop-git-main.localhost").ToString(), StringComparison.Ordinal);
    }

    private static Deployment Of(DeploymentState state) => StoreSamples.Deployment(TimeProvider.System, Shop) with { State = state };

    private static (RouteKind, DeploymentId?) Preview(Deployment[] all, Deployment of) =>
        Routes(all).Where(r => r.Host == $"{of.PreviewLabel}.localhost").Select(r => (r.Kind, r.Deployment)).Single();

    private static IReadOnlyList<Route> Routes(params Deployment[] all) =>
        new RouteRule("localhost", null, _ => null).Compute([Shop], all, [], new Seen([], new HashSet<DeploymentId>(), new HashSet<DeploymentId>(), new Dictionary<DeploymentId, SleepDepth>()));
}
