using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Sourcing;

namespace Core.Tests.Pipeline;

/// <summary>What becomes of a plan that another's program made.</summary>
public class OtherPlannerTests
{
    [Fact]
    public async Task Its_arguments_reach_the_build_and_are_kept_nowhere()
    {
        var (request, d) = await DeployAsync(new() { Provider = "nixpacks", Output = new("server", null), Port = 3000, Dockerfile = "FROM scratch\nARG CI\nRUN --mount=type=cache,id=nixpacks-x,target=/c true\n", DockerfilePath = ".nixpacks/Dockerfile", BuildArguments = new Dictionary<string, string> { ["CI"] = "true" } });
        Assert.Equal("true", request.BuildArgs["CI"]);
        Assert.Null(request.Frontend);
        Assert.Contains("-nixpacks-x", request.Dockerfile, StringComparison.Ordinal);
        Assert.DoesNotContain("BuildArguments", System.Text.Json.JsonSerializer.Serialize(d.Plan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_Dockerfile_goes_to_its_frontend_as_it_is()
    {
        const string plan = """{"steps": []}""";
        var (request, _) = await DeployAsync(new() { Provider = "railpack", Output = new("server", null), Port = 3000, Dockerfile = plan, Frontend = "registry.test/frontend", BuildArguments = new Dictionary<string, string> { ["secrets-hash"] = "abc" } });
        Assert.Equal(plan, request.Dockerfile);
        Assert.Equal("registry.test/frontend", request.Frontend);
        Assert.Equal("abc", request.BuildArgs["secrets-hash"]);
    }

    private static async Task<(Slipway.Core.Pipeline.Building.BuildRequest, Deployment)> DeployAsync(BuildPlan plan)
    {
        await using var machine = new MachineInMemory(planner: new Fixed(plan));
        await machine.StartAsync();
        var (d, _) = await machine.EndOfAsync((await machine.DeployAsync(new Dictionary<string, string> { ["package.json"] = "{}" })).Id);
        Assert.Equal(DeploymentState.Ready, d.State);
        return (Assert.Single(machine.Builder.Requests), d);
    }

    private sealed class Fixed(BuildPlan plan) : ISourcePlanner
    {
        public Task<Outcome<BuildPlan>> PlanAsync(SourceSnapshot snapshot, PlanOptions options, IBuildOutput output, CancellationToken ct) => Task.FromResult<Outcome<BuildPlan>>(plan);
    }
}
