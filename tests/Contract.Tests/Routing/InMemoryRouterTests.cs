using Slipway.Testing.Contracts;

namespace Contract.Tests.Routing;

public sealed class InMemoryRouterTests : RouterContract
{
    protected override RouterHarness Harness { get; } = new InMemoryRouterHarness();

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;
}
