using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;
using Slipway.Testing;

namespace Core.Tests.Routing;

public class BranchHeadTests
{
    private readonly Project _shop = StoreSamples.Project(TimeProvider.System) with { Name = "shop" };
    private readonly List<Deployment> _all = [];

    [Fact]
    public void A_branchs_host_leads_to_its_newest_ready_deployment()
    {
        Add("main");
        var newest = Add("main");
        Add("main", DeploymentState.Error);
        var cart = Add("feature/cart");
        Add("broken", DeploymentState.Error);
        Add(null);
        Assert.Equal([(BranchHost.LabelOf("shop", "feature/cart"), cart.Id), ("shop-git-main", newest.Id)], BranchHead.Of([_shop], _all).Select(h => (h.Label, h.Deployment.Id)));
    }

    [Fact]
    public void An_uploaded_folder_has_none()
    {
        Add("main", kind: SourceKind.Upload);
        Assert.Empty(BranchHead.Of([_shop], _all));
    }

    [Fact]
    public void It_is_routed_beside_preview_and_production()
    {
        var d = Add("main");
        var instance = new Instance(InstanceId.Of(d.Id), d.Id, "sha256:1", InstanceState.Running, "10.0.0.2", 3000, null, null, null, false);
        var routes = new RouteRule("localhost", null, _ => null).Compute([_shop with { Production = d.Id }], _all, [], new Seen([instance], new HashSet<DeploymentId>(), new HashSet<DeploymentId>(), new Dictionary<DeploymentId, SleepDepth>()));
        Assert.Equal([$"{d.PreviewLabel}.localhost", "shop-git-main.localhost", "shop.localhost"], routes.Select(r => r.Host).OrderBy(h => h.StartsWith("shop", StringComparison.Ordinal)).ThenBy(h => h, StringComparer.Ordinal));
        Assert.All(routes, r => Assert.Equal((RouteKind.App, d.Id), (r.Kind, r.Deployment)));
    }

    private Deployment Add(string? branch, DeploymentState state = DeploymentState.Ready, SourceKind kind = SourceKind.Git)
    {
        var sample = StoreSamples.Deployment(TimeProvider.System, _shop);
        var d = sample with { Id = StrongId.New<DeploymentId>(TimeProvider.System), State = state, CreatedAt = DateTimeOffset.UnixEpoch.AddHours(_all.Count), Source = sample.Source with { Kind = kind, Branch = branch } };
        _all.Add(d);
        return d;
    }
}
