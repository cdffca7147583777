using Slipway.Core.Projects;
using Slipway.Testing;

namespace Slipway.Core.Tests.Projects;

public class ProductionHistoryTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeploymentId[] Ids = [.. Enumerable.Range(1, 60).Select(i => new DeploymentId(new Guid(i, 0, 0, new byte[8])))];

    /// <summary>Moves as words: <c>1</c> became ready, <c>p1</c> was promoted, <c>r1</c> was rolled back to. Expected: what a roll back goes to, nearest first.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("1", "")]
    [InlineData("1 2", "1")]
    [InlineData("1 2 3", "2 1")]
    [InlineData("1 2 3 r2", "1")]
    [InlineData("1 2 3 r2 r1", "")]
    [InlineData("1 2 3 r1", "")]
    [InlineData("1 2 r1 3", "1")]
    [InlineData("1 2 p1", "2")]
    [InlineData("1 2 p1 p2", "1")]
    [InlineData("1 2 r3", "2 1")]
    [InlineData("1 1 2 2", "1")]
    public void A_second_roll_back_goes_further_back_and_not_to_what_the_first_one_left(string moves, string expected)
    {
        var project = Moved(StoreSamples.Project(TimeProvider.System), moves);
        Assert.Equal(expected, string.Join(' ', ProductionHistory.Before(project).Select(id => Array.IndexOf(Ids, id) + 1)));
    }

    [Fact]
    public void A_roll_back_pins_and_every_other_move_releases()
    {
        var project = Moved(StoreSamples.Project(TimeProvider.System), "1 2 r1");
        Assert.True(project.IsPinned);
        Assert.False(Moved(project, "p1").IsPinned);
        Assert.Equal(Ids[0], Moved(project, "p1").Production);
        Assert.False(Moved(project, "p2").IsPinned);
        // Taken away by rm: nobody's, and no longer pinned.
        Assert.False((project with { Production = null }).IsPinned);
    }

    [Fact]
    public void A_project_from_before_moves_were_written_down_can_go_back_to_what_it_had()
    {
        var project = Moved(StoreSamples.Project(TimeProvider.System) with { Production = Ids[6] }, "2");
        Assert.Equal([Ids[6]], ProductionHistory.Before(project));
        Assert.Null(ProductionHistory.LastAt(project, Ids[6]));
    }

    [Fact]
    public void It_stays_small()
    {
        var project = Moved(StoreSamples.Project(TimeProvider.System), string.Join(' ', Enumerable.Range(1, 60)));
        Assert.Equal(ProductionHistory.Kept, project.ProductionHistory.Count);
        Assert.Equal(Ids[58], ProductionHistory.Before(project)[0]);
    }

    [Fact]
    public void What_never_came_up_is_as_if_it_had_never_held_it()
    {
        var project = Moved(StoreSamples.Project(TimeProvider.System), "1 2").Without(Ids[1]);
        Assert.Equal(Ids[0], project.Production);
        Assert.Empty(ProductionHistory.Before(project));
    }

    [Theory]
    [InlineData("1 2", 1, false, 0, EnvironmentTarget.Production)]
    [InlineData("1 2", 3, false, 0, EnvironmentTarget.Preview)]
    [InlineData("1 2", 3, true, 0, EnvironmentTarget.Production)]
    [InlineData("1 p2", 2, false, -1, EnvironmentTarget.Preview)]
    [InlineData("1 p2", 2, false, 1, EnvironmentTarget.Production)]
    [InlineData("1 p2 3", 2, false, -1, EnvironmentTarget.Preview)]
    public void A_promoted_preview_keeps_previews_variables_until_it_starts_again(string moves, int which, bool asked, int startedHours, EnvironmentTarget expected)
    {
        var project = Moved(StoreSamples.Project(TimeProvider.System), moves);
        var d = StoreSamples.Deployment(TimeProvider.System, project) with { Id = Ids[which - 1], IsProduction = asked };
        Assert.Equal(expected, ProjectEnvironment.StartedWith(d, project, At.AddHours(startedHours)));
    }

    private static Project Moved(Project project, string moves) => moves.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(project, (p, move) =>
        p.PointedAt(Ids[int.Parse(move.TrimStart('p', 'r'), System.Globalization.CultureInfo.InvariantCulture) - 1],
            move[0] switch { 'p' => ProductionCause.Promote, 'r' => ProductionCause.Rollback, _ => ProductionCause.Ready }, At));
}
