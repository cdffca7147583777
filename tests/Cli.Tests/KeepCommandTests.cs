using Slipway.Cli.Commands;
using Slipway.Client;

namespace Slipway.Cli.Tests;

public sealed class KeepCommandTests
{
    [Fact]
    public void It_says_in_words_what_is_kept()
    {
        Assert.Equal(
        [
            "shop keeps (as the installation says):",
            "  production, what a rollback would go to, and the newest ready deployment of each branch",
            "  besides, the last 10; of these a preview ends after 14 d 0 h without a visitor",
            "  deployments of a branch that the repository has no more end at once",
        ], KeepCommand.Lines("shop", new RetentionView(10, 14 * 86_400, false)));
        Assert.Contains("  besides, the last 3", KeepCommand.Lines("shop", new RetentionView(3, 0, true)));
    }

    [Fact]
    public void One_that_ended_says_when_why_and_the_way_back()
    {
        var ended = Samples.Ready with { State = "ended", Ended = new EndedView(Samples.Ready.CreatedAt.AddDays(14), "idle", "nobody used it for 14 days", true) };
        Assert.Contains("ended       2026-12-09 12:00:00 UTC: nobody used it for 14 days", DeploymentText.Lines(ended));
        Assert.Contains($"again       slipway redeploy {ended.Id}", DeploymentText.Lines(ended));
        Assert.DoesNotContain(DeploymentText.Lines(ended with { Ended = ended.Ended with { CanBuildAgain = false } }), line => line.Contains("slipway redeploy", StringComparison.Ordinal));
    }
}
