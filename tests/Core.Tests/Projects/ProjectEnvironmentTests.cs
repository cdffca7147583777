using Slipway.Core.Projects;
using Slipway.Testing;

namespace Slipway.Core.Tests.Projects;

public class ProjectEnvironmentTests
{
    [Theory]
    [InlineData(null, "3000")]
    [InlineData("8080", "8080")]
    [InlineData("0", "3000")]
    [InlineData("-1", "3000")]
    [InlineData("70000", "3000")]
    [InlineData("http", "3000")]
    public void A_port_that_a_person_sets_is_the_one_that_is_routed_to(string? asked, string expected)
    {
        var project = StoreSamples.Project(TimeProvider.System);
        var own = asked is null ? new Dictionary<string, string>() : new() { ["PORT"] = asked };
        var deployment = StoreSamples.Deployment(TimeProvider.System, project) with { Revision = StoreSamples.Revision, Environment = own };
        Assert.Equal(expected, ProjectEnvironment.OfInstance(deployment, project, [], "http://x.localhost")["PORT"]);
    }
}
