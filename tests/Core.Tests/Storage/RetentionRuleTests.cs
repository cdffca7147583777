using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Projects;
using Slipway.Core.Storage;
using Slipway.Testing;

namespace Core.Tests.Storage;

public class RetentionRuleTests
{
    private readonly Project _project = StoreSamples.Project(TimeProvider.System);
    private readonly List<Deployment> _all = [];

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
        Assert.Equal([d[3].Id, d[0].Id], RetentionRule.Ended([project], _all, keep: 2));
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

    private IReadOnlyList<DeploymentId> Ended(int keep, Deployment? production = null) =>
        RetentionRule.Ended([_project with { Production = production?.Id }], _all, keep);

    private Deployment Add(DeploymentState state, string? branch = null)
    {
        var sample = StoreSamples.Deployment(TimeProvider.System, _project);
        var d = sample with { Id = StrongId.New<DeploymentId>(TimeProvider.System), State = state, CreatedAt = DateTimeOffset.UnixEpoch.AddHours(_all.Count), Source = sample.Source with { Branch = branch } };
        _all.Add(d);
        return d;
    }
}
