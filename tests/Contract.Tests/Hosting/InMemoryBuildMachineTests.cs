using Slipway.Core;
using Slipway.Core.Hosting;
using Slipway.Testing.Contracts;
using Slipway.Testing.InMemory;

namespace Slipway.Contract.Tests.Hosting;

public sealed class InMemoryBuildMachineTests : BuildMachineContract
{
    private readonly InMemoryBuildMachine _machine = new();

    protected override IBuildMachine Machine => _machine;

    protected override EngineLayout Engine { get; } = new("/var/lib/docker", "cgroupfs");

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override Task<bool> RunStepAsync(DeploymentId? build, StepLimit into, string command) =>
        Task.FromResult(build is { } own && _machine.Hit(own, new StepHit(into, command)));

    protected override Task WriteInStepAsync(DeploymentId build, long bytes)
    {
        Assert.True(_machine.Write(build, bytes));
        return Task.CompletedTask;
    }
}
