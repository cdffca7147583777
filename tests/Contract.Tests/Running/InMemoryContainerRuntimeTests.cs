using Slipway.Testing.Contracts;

namespace Slipway.Contract.Tests.Running;

/// <summary>The twin that other tests run on.</summary>
public sealed class InMemoryContainerRuntimeTests : ContainerRuntimeContract
{
    protected override ContainerRuntimeHarness Harness { get; } = new InMemoryRuntimeHarness();

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;
}
