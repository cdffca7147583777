using Slipway.Testing.Contracts;

namespace Contract.Tests.Routing;

/// <summary>The real edge over its socket and its port, with real apps behind it.</summary>
public sealed class EdgeRouterTests : RouterContract
{
    private readonly EdgeHarness _harness = new();

    protected override RouterHarness Harness => _harness;

    public override async ValueTask InitializeAsync() => await _harness.StartRouterAsync();
}
