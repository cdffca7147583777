using Slipway.Core.Deployments;

namespace Core.Tests.Deployments;

public sealed class FailureFaultTests
{
    [Theory]
    [InlineData("platform.failed", FailureFault.Platform)]
    [InlineData("ship.registry_away", FailureFault.Platform)]
    [InlineData("ship.denied", FailureFault.Platform)]
    [InlineData("build.disk_full", FailureFault.Platform)]
    [InlineData("build.base_unavailable", FailureFault.Platform)]
    [InlineData("run.image_missing", FailureFault.Platform)]
    [InlineData("route.edge_down", FailureFault.Platform)]
    [InlineData("build.step_failed", FailureFault.User)]
    [InlineData("build.out_of_memory", FailureFault.User)]
    [InlineData("plan.no_start_command", FailureFault.User)]
    [InlineData("run.exited", FailureFault.User)]
    [InlineData("route.no_answer", FailureFault.User)]
    [InlineData("source.not_found", FailureFault.User)]
    public void Whose_fault_a_failure_is(string code, string fault) => Assert.Equal(fault, FailureFault.Of(code));
}
