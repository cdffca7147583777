using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Projects;
using Slipway.Core.Tenancy;

namespace Slipway.Testing.Contracts;

public abstract class ProjectStoreContract : StoreContract
{
    private IProjectStore Projects => Store.Projects;

    [Fact]
    public async Task What_was_created_is_found_whole()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var project = StoreSamples.Project(Time) with { WebhookSecret = new Secret("hook-secret"), RootDirectory = "apps/web" };
        await Projects.CreateAsync(project, Ct);
        foreach (var found in new[] { await Projects.FindAsync(project.Id, Ct), await Projects.FindByNameAsync(project.Name, Ct), Assert.Single(await Projects.ListAsync(Ct)) })
        {
            Assert.Equal(StoreSamples.Json(project), StoreSamples.Json(found));
            Assert.Equal(project.CacheKey.Reveal(), found?.CacheKey.Reveal());
            Assert.Equal("hook-secret", found?.WebhookSecret?.Reveal());
        }
    }

    [Fact]
    public async Task A_name_in_use_is_refused_whichever_team_has_it()
    {
        var theirs = await AddProjectAsync(OtherTeam);
        using var scope = TeamScope.Enter(OurTeam);
        var refused = await Projects.CreateAsync(StoreSamples.Project(Time) with { Name = theirs.Name }, Ct);
        Assert.Equal("project.name_taken", refused.Failure?.Code);
        Assert.Empty(await Projects.ListAsync(Ct));
    }

    [Fact]
    public async Task Racing_creations_of_one_name_leave_one()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            Projects.CreateAsync(StoreSamples.Project(Time) with { Name = "the-shop" }, Ct)))).Soon();
        Assert.Single(outcomes, o => o.Failure is null);
    }

    [Fact]
    public async Task Creating_another_teams_row_is_our_bug_and_throws()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Projects.CreateAsync(StoreSamples.Project(Time), Ct));
        using var scope = TeamScope.Enter(OurTeam);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Projects.CreateAsync(StoreSamples.Project(Time, OtherTeam), Ct));
    }

    [Fact]
    public async Task The_list_is_in_the_order_of_names()
    {
        using var scope = TeamScope.Enter(OurTeam);
        foreach (var name in new[] { "pear", "apple", "fig" }) await Projects.CreateAsync(StoreSamples.Project(Time) with { Name = name }, Ct);
        Assert.Equal(["apple", "fig", "pear"], (await Projects.ListAsync(Ct)).Select(p => p.Name));
    }

    [Fact]
    public async Task Settings_and_the_production_pointer_change_together()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var deployment = await AddDeploymentAsync();
        var changed = await Projects.UpdateAsync(deployment.Project, p => p with
        {
            Production = deployment.Id,
            ProductionBranch = "trunk",
            RootDirectory = "web",
            Sleep = new SleepSettings { After = TimeSpan.FromMinutes(7), Production = true },
            Retention = new RetentionSettings { Keep = 20, PreviewIdle = TimeSpan.Zero },
            Health = new HealthSettings { Path = "/healthz", Status = "200,204", Timeout = TimeSpan.FromSeconds(2), Grace = TimeSpan.FromMinutes(3), Interval = TimeSpan.FromMilliseconds(250) },
            Protection = new ProtectionSettings(new Secret("AQ:hash=="), ProtectedHosts.Previews),
            ClosedBranches = [new ClosedBranch("feature/x", Time.GetUtcNow())],
            Volumes = [new Volume("data", "/data", Time.GetUtcNow()), new Volume("uploads", "/var/lib/uploads", Time.GetUtcNow())],
            DataHeir = deployment.Id,
            Ways = [new Way("10.0.0.5", 5432, Time.GetUtcNow())],
            WebhookSecret = new Secret("made later"),
        }, Ct);
        var found = await Projects.FindAsync(deployment.Project, Ct);
        Assert.Equal(StoreSamples.Json(changed), StoreSamples.Json(found));
        Assert.Equal(new SleepSettings { After = TimeSpan.FromMinutes(7), Production = true }, found?.Sleep);
        Assert.Equal(new RetentionSettings { Keep = 20, PreviewIdle = TimeSpan.Zero }, found?.Retention);
        Assert.Equal(("/healthz", "200,204", TimeSpan.FromMilliseconds(250)), (found?.Health?.Path, found?.Health?.Status, found?.Health?.Interval));
        Assert.Equal(("AQ:hash==", ProtectedHosts.Previews), (found?.Protection?.PasswordHash.Reveal(), found?.Protection?.Hosts));
        Assert.Equal([("data", "/data"), ("uploads", "/var/lib/uploads")], found?.Volumes.Select(v => (v.Name, v.Path)));
        Assert.Equal(deployment.Id, found?.DataHeir);
        Assert.Equal([new Way("10.0.0.5", 5432, Time.GetUtcNow())], found?.Ways);
        Assert.Equal([new ClosedBranch("feature/x", Time.GetUtcNow())], found?.ClosedBranches);
        Assert.Equal((deployment.Id, "trunk", "web", "made later"), (found?.Production, found?.ProductionBranch, found?.RootDirectory, found?.WebhookSecret?.Reveal()));
        Assert.Null(await Projects.UpdateAsync(StrongId.New<ProjectId>(Time), p => p, Ct));
    }

    [Fact]
    public async Task What_was_production_is_kept_with_its_pin()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var (first, second) = (await AddDeploymentAsync(), StrongId.New<DeploymentId>(Time));
        Assert.Empty((await Projects.FindAsync(first.Project, Ct))!.ProductionHistory);
        await Projects.UpdateAsync(first.Project, p => p.PointedAt(first.Id, ProductionCause.Ready, Time.GetUtcNow()), Ct);
        await Projects.UpdateAsync(first.Project, p => p.PointedAt(second, ProductionCause.Promote, Time.GetUtcNow()), Ct);
        var changed = await Projects.UpdateAsync(first.Project, p => p.PointedAt(first.Id, ProductionCause.Rollback, Time.GetUtcNow()), Ct);
        foreach (var found in new[] { changed, await Projects.FindAsync(first.Project, Ct), Assert.Single(await Projects.ListAsync(Ct)) })
        {
            Assert.True(found?.IsPinned);
            Assert.Equal([new(first.Id, Time.GetUtcNow(), ProductionCause.Ready), new(second, Time.GetUtcNow(), ProductionCause.Promote), new ProductionTurn(first.Id, Time.GetUtcNow(), ProductionCause.Rollback)], found!.ProductionHistory);
        }
    }

    [Fact]
    public async Task Racing_updates_lose_nothing()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var project = await AddProjectAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() =>
            Projects.UpdateAsync(project.Id, p => p with { RootDirectory = p.RootDirectory + "x" }, Ct)))).Soon();
        Assert.Equal(new string('x', 20), (await Projects.FindAsync(project.Id, Ct))?.RootDirectory);
    }

    [Fact]
    public async Task A_project_keeps_its_id_team_and_name()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var project = await AddProjectAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => Projects.UpdateAsync(project.Id, p => p with { Name = "other" }, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Projects.UpdateAsync(project.Id, p => p with { Team = OtherTeam }, Ct));
        Assert.Equal(project.Name, (await Projects.FindAsync(project.Id, Ct))?.Name);
    }

    [Fact]
    public async Task Variables_are_kept_whole_and_written_as_a_whole()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var project = await AddProjectAsync();
        Assert.Empty(await Projects.EnvironmentAsync(project.Id, null, Ct));
        await Projects.EnvironmentAsync(project.Id, _ =>
        [
            new("URL", new Secret("https://live"), EnvironmentTarget.Production, EnvironmentPhase.Run, false),
            new("URL", new Secret("https://test"), EnvironmentTarget.Preview, EnvironmentPhase.Both, false),
            new("KEY", new Secret("s3cret\nmore"), EnvironmentTarget.Both, EnvironmentPhase.Build, true),
        ], Ct);
        var changed = await Projects.EnvironmentAsync(project.Id, all => [.. all.Where(v => v.Target != EnvironmentTarget.Preview), new("EMPTY", new Secret(""), EnvironmentTarget.Both, EnvironmentPhase.Run, false)], Ct);
        var read = await Projects.EnvironmentAsync(project.Id, null, Ct);
        Assert.Equal(changed.Select(Shown), read.Select(Shown));
        Assert.Equal(
        [
            ("EMPTY", "", EnvironmentTarget.Both, EnvironmentPhase.Run, false),
            ("KEY", "s3cret\nmore", EnvironmentTarget.Both, EnvironmentPhase.Build, true),
            ("URL", "https://live", EnvironmentTarget.Production, EnvironmentPhase.Run, false),
        ], read.Select(Shown));
    }

    [Fact]
    public async Task One_name_twice_for_a_target_is_refused_whole_and_without_its_value()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var project = await AddProjectAsync();
        var e = await Assert.ThrowsAsync<ArgumentException>(() => Projects.EnvironmentAsync(project.Id, _ =>
        [
            new("KEY", new Secret("hush-1"), EnvironmentTarget.Both, EnvironmentPhase.Run, true),
            new("KEY", new Secret("hush-2"), EnvironmentTarget.Preview, EnvironmentPhase.Run, true),
        ], Ct));
        Assert.DoesNotContain("hush", e.ToString(), StringComparison.Ordinal);
        Assert.Empty(await Projects.EnvironmentAsync(project.Id, null, Ct));
    }

    [Fact]
    public async Task Removal_takes_variables_and_deployments_along()
    {
        using var scope = TeamScope.Enter(OurTeam);
        var deployment = await AddDeploymentAsync();
        var other = await AddDeploymentAsync();
        await Projects.EnvironmentAsync(deployment.Project, _ => [new("A", new Secret("1"), EnvironmentTarget.Both, EnvironmentPhase.Both, false)], Ct);
        await Store.Deployments.ApplyAsync(deployment.Id, new BuildStarted(1, "w"), Ct);

        Assert.True(await Projects.RemoveAsync(deployment.Project, Ct));
        Assert.False(await Projects.RemoveAsync(deployment.Project, Ct));
        Assert.Null(await Projects.FindAsync(deployment.Project, Ct));
        Assert.Empty(await Projects.EnvironmentAsync(deployment.Project, null, Ct));
        Assert.Empty(await Store.Deployments.EventsAsync(deployment.Id, Ct));
        Assert.Equal([other.Id], (await Store.Deployments.ListAsync(new(), Ct)).Select(d => d.Id));
    }

    [Fact]
    public async Task Another_teams_rows_are_invisible_through_every_method()
    {
        var theirs = await AddProjectAsync(OtherTeam);
        using (TeamScope.EnterSystem())
        {
            await Projects.EnvironmentAsync(theirs.Id, _ => [new("A", new Secret("1"), EnvironmentTarget.Both, EnvironmentPhase.Both, false)], Ct);
        }

        async Task NothingAsync()
        {
            Assert.Null(await Projects.FindAsync(theirs.Id, Ct));
            Assert.Null(await Projects.FindByNameAsync(theirs.Name, Ct));
            Assert.Empty(await Projects.ListAsync(Ct));
            Assert.Null(await Projects.UpdateAsync(theirs.Id, p => p with { Origin = "mine" }, Ct));
            Assert.False(await Projects.RemoveAsync(theirs.Id, Ct));
            Assert.Empty(await Projects.EnvironmentAsync(theirs.Id, null, Ct));
            Assert.Empty(await Projects.EnvironmentAsync(theirs.Id, _ => [new("A", new Secret("2"), EnvironmentTarget.Both, EnvironmentPhase.Both, false)], Ct));
        }

        await NothingAsync();
        using (TeamScope.Enter(OurTeam)) await NothingAsync();
        using var scope = TeamScope.Enter(OtherTeam);
        Assert.Equal(theirs.Origin, (await Projects.FindAsync(theirs.Id, Ct))?.Origin);
        Assert.Equal("1", Assert.Single(await Projects.EnvironmentAsync(theirs.Id, null, Ct)).Value.Reveal());
    }

    private static (string, string, EnvironmentTarget, EnvironmentPhase, bool) Shown(EnvironmentVariable v) => (v.Name, v.Value.Reveal(), v.Target, v.Phase, v.IsSecret);
}
