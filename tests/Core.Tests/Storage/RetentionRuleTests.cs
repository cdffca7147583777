using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Sourcing;
using Slipway.Core.Projects;
using Slipway.Core.Storage;
using Slipway.Testing;

namespace Core.Tests.Storage;

public class RetentionRuleTests
{
    private readonly Project _project = StoreSamples.Project(TimeProvider.System);
    private readonly List<Deployment> _all = [];
    private readonly DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddDays(100);

    [Fact]
    public void The_last_few_stay_and_older_ones_end()
    {
        var d = Enumerable.Range(0, 5).Select(_ => Add(DeploymentState.Ready)).ToList();
        Assert.Equal([d[1].Id, d[0].Id], Ended(keep: 3));
    }

    [Fact]
    public void Production_stays_however_old()
    {
        var d = Enumerable.Range(0, 5).Select(_ => Add(DeploymentState.Ready)).ToList();
        Assert.Equal([d[1].Id], Ended(keep: 3, production: d[0]));
    }

    [Fact]
    public void What_a_roll_back_would_go_to_stays_too()
    {
        var d = Enumerable.Range(0, 6).Select(_ => Add(DeploymentState.Ready)).ToList();
        var gone = Add(DeploymentState.Ended);
        var project = new[] { d[0], d[1], gone, d[2] }.Aggregate(_project, (p, next) => p.PointedAt(next.Id, ProductionCause.Ready, DateTimeOffset.UnixEpoch));
        Assert.Equal([d[3].Id, d[0].Id], Ended(project, keep: 2));
    }

    [Fact]
    public void The_newest_ready_one_of_each_branch_stays()
    {
        var main = Add(DeploymentState.Ready, "main");
        var older = Add(DeploymentState.Ready, "feature");
        var feature = Add(DeploymentState.Ready, "feature");
        var last = Add(DeploymentState.Ready);
        Assert.Equal([older.Id], Ended(keep: 1));
        Assert.DoesNotContain(Ended(keep: 1), id => id == main.Id || id == feature.Id || id == last.Id);
    }

    [Fact]
    public void Failures_push_out_nothing_that_serves_and_end_themselves()
    {
        var ready = Add(DeploymentState.Ready);
        var failures = Enumerable.Range(0, 4).Select(_ => Add(DeploymentState.Error)).ToList();
        Assert.Equal([failures[1].Id, failures[0].Id], Ended(keep: 2));
        Assert.DoesNotContain(ready.Id, Ended(keep: 2));
    }

    [Theory]
    [InlineData(DeploymentState.Queued)]
    [InlineData(DeploymentState.Building)]
    [InlineData(DeploymentState.Deploying)]
    [InlineData(DeploymentState.Waiting)]
    [InlineData(DeploymentState.Ended)]
    public void What_is_on_its_way_or_over_is_left_alone(DeploymentState state)
    {
        Add(state);
        Add(DeploymentState.Ready);
        Add(DeploymentState.Ready);
        Assert.Single(Ended(keep: 1));
    }

    [Fact]
    public void Whatever_the_history_kept_ones_are_never_ended()
    {
        var random = new Random(17);
        for (var round = 0; round < 200; round++)
        {
            _all.Clear();
            for (var i = random.Next(40); i > 0; i--) Add((DeploymentState)random.Next(8), random.Next(3) == 0 ? $"b{random.Next(4)}" : null);
            var keep = random.Next(1, 6);
            var production = _all.Where(d => d.State == DeploymentState.Ready).OrderBy(_ => random.Next()).FirstOrDefault();
            var ended = Ended(keep, production).ToHashSet();
            var left = _all.Where(d => !ended.Contains(d.Id) && d.State != DeploymentState.Ended).ToList();
            Assert.True(production is null || left.Contains(production));
            Assert.All(_all.Where(d => !d.State.IsFinal()), d => Assert.Contains(d, left));
            Assert.Equal(_all.Where(d => d.State == DeploymentState.Ready).Select(d => d.Source.Branch).OfType<string>().Distinct().Order(), left.Where(d => d.State == DeploymentState.Ready).Select(d => d.Source.Branch).OfType<string>().Distinct().Order());
            Assert.Equal(Math.Min(keep, _all.Count(d => d.State == DeploymentState.Ready)), _all.Where(d => d.State == DeploymentState.Ready).OrderByDescending(d => d.CreatedAt).Take(keep).Count(left.Contains));
            _all.RemoveAll(d => ended.Contains(d.Id));
            Assert.Empty(Ended(keep, production));
        }
    }

    [Fact]
    public void A_preview_that_nobody_used_for_long_ends_though_it_is_among_the_last()
    {
        var first = Add(DeploymentState.Ready);
        var (idle, used, never) = (Add(DeploymentState.Ready), Add(DeploymentState.Ready), Add(DeploymentState.Ready));
        _all[1] = idle with { LastUsedAt = _now.AddDays(-14) };
        _all[2] = used with { LastUsedAt = _now.AddDays(-13.9) };
        _all[3] = never with { FinishedAt = _now.AddDays(-15) };
        var over = Find(_project with { Production = first.Id }, new StorageOptions());
        Assert.Equal([(never.Id, EndReason.Idle, "nobody used it for 14 days"), (idle.Id, EndReason.Idle, "nobody used it for 14 days")], over.Select(o => (o.Id, o.Event.Reason, o.Event.Why)));
        Assert.Empty(RetentionRule.Find([_project with { Production = first.Id }], _all, new StorageOptions(), _now, isUseKnown: false));
        Assert.Empty(Find(_project with { Production = first.Id }, new StorageOptions { PreviewIdle = TimeSpan.Zero }));
        Assert.Empty(Find(_project with { Production = first.Id, Retention = new RetentionSettings { PreviewIdle = TimeSpan.FromDays(30) } }, new StorageOptions()));
    }

    [Fact]
    public void What_serves_or_served_production_or_a_branch_is_never_idle()
    {
        var (was, meant, head, now) = (Add(DeploymentState.Ready), Add(DeploymentState.Ready), Add(DeploymentState.Ready, "feature"), Add(DeploymentState.Ready));
        _all[1] = meant with { IsProduction = true };
        var project = new[] { was, head, now }.Aggregate(_project, (p, d) => p.PointedAt(d.Id, ProductionCause.Ready, _now));
        Assert.Empty(Find(project, new StorageOptions()));
        Assert.Equal(EndReason.Idle, Assert.Single(Find(project with { ProductionHistory = [.. project.ProductionHistory.Where(t => t.Deployment != was.Id)] }, new StorageOptions())).Event.Reason);
    }

    [Fact]
    public void Of_a_branch_that_is_gone_all_ends_at_once_but_what_came_later()
    {
        var (old, head) = (Add(DeploymentState.Ready, "feature"), Add(DeploymentState.Ready, "feature"));
        var (failed, building, main) = (Add(DeploymentState.Error, "feature"), Add(DeploymentState.Building, "feature"), Add(DeploymentState.Ready, "main"));
        var closed = _project.WithClosed("feature", main.CreatedAt);
        var again = Add(DeploymentState.Ready, "feature");
        var over = Find(closed, new StorageOptions { PreviewIdle = TimeSpan.Zero });
        Assert.Equal([(failed.Id, "its repository has the branch feature no more"), (head.Id, "its repository has the branch feature no more"), (old.Id, "its repository has the branch feature no more")], over.Select(o => (o.Id, o.Event.Why)));
        Assert.All(over, o => Assert.Equal(EndReason.BranchClosed, o.Event.Reason));
        Assert.DoesNotContain(over, o => o.Id == building.Id || o.Id == again.Id);
        // Whoever holds production stays, and a production branch is not closed by a slip of the remote's.
        Assert.DoesNotContain(Find(closed with { Production = old.Id }, new StorageOptions()), o => o.Id == old.Id);
        Assert.DoesNotContain(Find(closed with { ProductionBranch = "feature" }, new StorageOptions { PreviewIdle = TimeSpan.Zero }), o => o.Event.Reason == EndReason.BranchClosed);
    }

    [Fact]
    public void An_uploaded_folders_branch_is_no_branch_of_a_repository()
    {
        var (older, newer) = (Add(DeploymentState.Ready, "feature"), Add(DeploymentState.Ready, "other"));
        foreach (var i in new[] { 0, 1 }) _all[i] = _all[i] with { Source = _all[i].Source with { Kind = SourceKind.Upload } };
        Assert.Equal([older.Id], Ended(keep: 1, production: newer));
        Assert.Empty(Find((_project with { Production = newer.Id }).WithClosed("feature", _now), new StorageOptions { PreviewIdle = TimeSpan.Zero }));
    }

    [Fact]
    public void A_project_may_keep_more_or_fewer_than_the_installation()
    {
        var d = Enumerable.Range(0, 4).Select(_ => Add(DeploymentState.Ready)).ToList();
        Assert.Equal([d[1].Id, d[0].Id], Ended(_project with { Retention = new RetentionSettings { Keep = 2 } }, keep: 3));
        Assert.Equal("its project keeps its last 2, and newer ones came", Find(_project with { Retention = new RetentionSettings { Keep = 2 } }, new StorageOptions { PreviewIdle = TimeSpan.Zero })[0].Event.Why);
        Assert.Empty(Ended(_project with { Retention = new RetentionSettings { Keep = 5 } }, keep: 3));
    }

    [Fact]
    public void A_branch_that_was_closed_later_than_known_is_known_later()
    {
        var project = _project.WithClosed("a", _now).WithClosed("b", _now).WithClosed("a", _now.AddHours(-1)).WithClosed("b", _now.AddHours(1));
        Assert.Equal([new ClosedBranch("a", _now), new ClosedBranch("b", _now.AddHours(1))], project.ClosedBranches);
        Assert.Equal(ClosedBranches.Kept, Enumerable.Range(0, 300).Aggregate(project, (p, i) => p.WithClosed($"x{i}", _now)).ClosedBranches.Count);
    }

    private IReadOnlyList<DeploymentId> Ended(int keep, Deployment? production = null) => Ended(_project with { Production = production?.Id }, keep);

    private IReadOnlyList<DeploymentId> Ended(Project project, int keep) =>
        [.. Find(project, new StorageOptions { KeepDeployments = keep, PreviewIdle = TimeSpan.Zero }).Select(over => over.Id)];

    private IReadOnlyList<Over> Find(Project project, StorageOptions options) => RetentionRule.Find([project], _all, options, _now);

    private Deployment Add(DeploymentState state, string? branch = null)
    {
        var sample = StoreSamples.Deployment(TimeProvider.System, _project);
        var d = sample with { Id = StrongId.New<DeploymentId>(TimeProvider.System), State = state, CreatedAt = DateTimeOffset.UnixEpoch.AddHours(_all.Count), Source = sample.Source with { Branch = branch } };
        _all.Add(d);
        return d;
    }
}
