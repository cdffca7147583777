using Slipway.Core.Deployments;
using Slipway.Core.Projects;
using Slipway.Testing;

namespace Slipway.Core.Tests.Projects;

public class RollbackDifferenceTests
{
    private static readonly Project Shop = StoreSamples.Project(TimeProvider.System);
    private static readonly Deployment Now = StoreSamples.Deployment(TimeProvider.System, Shop) with { Revision = StoreSamples.Revision, Plan = StoreSamples.Plan };

    [Fact]
    public void Two_of_the_same_differ_in_nothing()
    {
        var difference = RollbackDifference.Of((Now, EnvironmentTarget.Production), (Now, EnvironmentTarget.Production), [Variable("KEY", "hush-1", EnvironmentTarget.Both)]);
        Assert.Empty(difference.Environment);
        Assert.Empty(difference.Other);
    }

    [Fact]
    public void Variables_are_told_by_name_and_never_by_value()
    {
        var then = Now with
        {
            Environment = new Dictionary<string, string> { ["GREETING"] = "hush-2", ["EXTRA"] = "hush-3" },
            Revision = StoreSamples.Revision with { Environment = new Dictionary<string, string>() },
        };
        var difference = RollbackDifference.Of((Now, EnvironmentTarget.Production), (then, EnvironmentTarget.Preview),
            [Variable("DATABASE", "hush-4", EnvironmentTarget.Production), Variable("DATABASE", "hush-5", EnvironmentTarget.Preview), Variable("SAME", "x", EnvironmentTarget.Both)]);
        Assert.Equal(
            [new("DATABASE", VariableChange.Changed), new("EXTRA", VariableChange.Added), new("GREETING", VariableChange.Changed), new VariableDifference("NODE_ENV", VariableChange.Removed)],
            difference.Environment);
        Assert.DoesNotContain("hush", StoreSamples.Json(difference), StringComparison.Ordinal);
        Assert.Equal(["it runs with preview's variables until its next start"], difference.Other);
    }

    [Fact]
    public void A_deployments_own_value_wins_over_the_projects()
    {
        var difference = RollbackDifference.Of((Now, EnvironmentTarget.Production), (Now, EnvironmentTarget.Preview), [Variable("GREETING", "other", EnvironmentTarget.Preview)]);
        Assert.Empty(difference.Environment);
    }

    [Fact]
    public void All_else_that_differs_is_said_in_words()
    {
        var then = Now with
        {
            Source = Now.Source with { Branch = "trunk", Url = "https://example.test/old" },
            RootDirectory = "web",
            Plan = StoreSamples.Plan with { Framework = null, Start = "node old.js" },
            Revision = StoreSamples.Revision with { Port = 8080 },
        };
        Assert.Equal(
        [
            "the repository or folder: https://example.test/old instead of https://example.test/shop",
            "the branch: trunk instead of none",
            "the root directory: web instead of none",
            "how it is built: node instead of next",
            "the start command: node old.js instead of none",
            "the port: 8080 instead of 3000",
        ], RollbackDifference.Of((Now, EnvironmentTarget.Production), (then, EnvironmentTarget.Production), []).Other);
    }

    private static EnvironmentVariable Variable(string name, string value, EnvironmentTarget target) => new(name, new Secret(value), target, EnvironmentPhase.Run, false);
}
