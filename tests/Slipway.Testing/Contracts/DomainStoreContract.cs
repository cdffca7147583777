using Slipway.Core.Domains;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;

namespace Slipway.Testing.Contracts;

public abstract class DomainStoreContract : StoreContract
{
    [Fact]
    public async Task A_domain_is_kept_changed_and_removed()
    {
        var (shop, other) = (await AddProjectAsync(), await AddProjectAsync());
        using var scope = TeamScope.Enter(OurTeam);
        await AddedAsync(shop, "example.test");
        await AddedAsync(shop, "www.example.test", "example.test");
        await AddedAsync(other, "another.test");
        Assert.Equal([("example.test", null), ("www.example.test", "example.test")], (await Store.Domains.ListAsync(shop.Id, Ct)).Select(d => (d.Host, d.RedirectTo)));
        Assert.Equal(["another.test", "example.test", "www.example.test"], (await Store.Domains.ListAsync(null, Ct)).Select(d => d.Host));

        var since = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromMinutes(1));
        await AddedAsync(shop, "www.example.test");
        Assert.Equal(new Domain("www.example.test", shop.Id, shop.Team, null, since), (await Store.Domains.ListAsync(shop.Id, Ct))[1]);
        Assert.Null(await Store.Domains.RemoveAsync(shop.Id, "www.example.test", Ct));
        Assert.Equal("domain.not_found", (await Store.Domains.RemoveAsync(shop.Id, "www.example.test", Ct))?.Code);
        Assert.Equal("domain.not_found", (await Store.Domains.RemoveAsync(shop.Id, "another.test", Ct))?.Code);
    }

    [Fact]
    public async Task A_host_is_one_projects_also_when_two_ask_at_once()
    {
        var projects = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AddProjectAsync()));
        using var scope = TeamScope.Enter(OurTeam);
        var outcomes = await Task.WhenAll(projects.Select(p => Task.Run(() => Store.Domains.AddAsync(Of(p, "example.test"), Ct)))).Soon();
        Assert.Single(outcomes, o => o.Failure is null);
        Assert.All(outcomes.Where(o => o.Failure is not null), o => Assert.Equal("domain.taken", o.Failure?.Code));
    }

    [Fact]
    public async Task A_redirect_leads_to_a_domain_of_the_project_that_serves_and_holds_it()
    {
        var (shop, other) = (await AddProjectAsync(), await AddProjectAsync());
        using var scope = TeamScope.Enter(OurTeam);
        await AddedAsync(other, "another.test");
        foreach (var target in new[] { "example.test", "another.test", "www.example.test" })
            Assert.Equal("domain.redirect_target", (await Store.Domains.AddAsync(Of(shop, "www.example.test", target), Ct)).Failure?.Code);
        await AddedAsync(shop, "example.test");
        await AddedAsync(shop, "www.example.test", "example.test");
        // No chains, and no circle.
        Assert.Equal("domain.redirect_target", (await Store.Domains.AddAsync(Of(shop, "old.example.test", "www.example.test"), Ct)).Failure?.Code);
        Assert.Equal("domain.redirect_target", (await Store.Domains.AddAsync(Of(shop, "example.test", "www.example.test"), Ct)).Failure?.Code);
        Assert.Equal("domain.redirect_target", (await Store.Domains.RemoveAsync(shop.Id, "example.test", Ct))?.Code);
        Assert.Equal(2, (await Store.Domains.ListAsync(shop.Id, Ct)).Count);
    }

    [Fact]
    public async Task A_team_sees_its_own_and_takes_no_others()
    {
        var (ours, theirs) = (await AddProjectAsync(), await AddProjectAsync(OtherTeam));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.Domains.AddAsync(Of(ours, "example.test"), Ct));
        using (TeamScope.Enter(OtherTeam)) await AddedAsync(theirs, "example.test");
        using var scope = TeamScope.Enter(OurTeam);
        Assert.Empty(await Store.Domains.ListAsync(null, Ct));
        Assert.Equal("domain.taken", (await Store.Domains.AddAsync(Of(ours, "example.test"), Ct)).Failure?.Code);
        Assert.Equal("domain.not_found", (await Store.Domains.RemoveAsync(theirs.Id, "example.test", Ct))?.Code);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.Domains.AddAsync(Of(theirs, "second.test"), Ct));
        using var system = TeamScope.EnterSystem();
        Assert.Single(await Store.Domains.ListAsync(null, Ct));
    }

    [Fact]
    public async Task Domains_go_with_their_project()
    {
        var (shop, other) = (await AddProjectAsync(), await AddProjectAsync());
        using var scope = TeamScope.Enter(OurTeam);
        await AddedAsync(shop, "example.test");
        await Store.Projects.RemoveAsync(shop.Id, Ct);
        Assert.Empty(await Store.Domains.ListAsync(null, Ct));
        await AddedAsync(other, "example.test");
    }

    private Domain Of(Project project, string host, string? redirectTo = null) => new(host, project.Id, project.Team, redirectTo, Time.GetUtcNow());

    private async Task AddedAsync(Project project, string host, string? redirectTo = null) => Assert.Null((await Store.Domains.AddAsync(Of(project, host, redirectTo), Ct)).Failure);
}
