using Slipway.Core.Projects;
using Slipway.Core.Tenancy;
using Slipway.Core.Webhooks;

namespace Slipway.Testing.Contracts;

public abstract class WebhookStoreContract : StoreContract
{
    [Fact]
    public async Task A_delivery_is_recorded_once_also_when_it_comes_twice_at_once()
    {
        var delivery = DeliveryOf(await AddProjectAsync());
        using var scope = TeamScope.Enter(OurTeam);
        var recorded = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Store.Webhooks.TryRecordAsync(delivery, Ct)))).Soon();
        Assert.Single(recorded, isNew => isNew);
        Assert.True(await Store.Webhooks.TryRecordAsync(delivery with { Provider = "gitlab" }, Ct));
        Assert.True(await Store.Webhooks.TryRecordAsync(delivery with { DeliveryId = "another" }, Ct));
    }

    [Fact]
    public async Task A_forgotten_delivery_may_come_again()
    {
        var delivery = DeliveryOf(await AddProjectAsync());
        using var scope = TeamScope.Enter(OurTeam);
        await Store.Webhooks.TryRecordAsync(delivery, Ct);
        using (TeamScope.Enter(OtherTeam)) await Store.Webhooks.ForgetAsync(delivery, Ct);
        Assert.False(await Store.Webhooks.TryRecordAsync(delivery, Ct));
        await Store.Webhooks.ForgetAsync(delivery, Ct);
        Assert.True(await Store.Webhooks.TryRecordAsync(delivery, Ct));
    }

    [Fact]
    public async Task Recording_needs_the_teams_scope()
    {
        var delivery = DeliveryOf(await AddProjectAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.Webhooks.TryRecordAsync(delivery, Ct));
    }

    private WebhookDelivery DeliveryOf(Project project) => new("github", "72d3162e-cc78-11e3-81ab-4c9367dc0958", project.Id, project.Team, Time.GetUtcNow());
}
