using Slipway.Testing.Contracts;

namespace Contract.Tests.Routing;

public sealed class EdgeRouterSleepTests : RouterSleepContract
{
    private readonly EdgeHarness _harness = new();

    protected override RouterHarness Harness => _harness;

    public override async ValueTask InitializeAsync() => await _harness.StartRouterAsync();
}

public sealed class InMemoryRouterSleepTests : RouterSleepContract
{
    protected override RouterHarness Harness { get; } = new InMemoryRouterHarness();

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;
}
