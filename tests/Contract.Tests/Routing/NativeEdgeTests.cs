using Slipway.Testing.Contracts;

namespace Contract.Tests.Routing;

/// <summary>The edge as native code does all that the edge does: no reflection is missing in it.</summary>
[Trait("speed", "slow")]
public sealed class NativeEdgeTests : RouterContract
{
    private readonly NativeEdgeHarness _harness = new();

    protected override RouterHarness Harness => _harness;

    public override async ValueTask InitializeAsync() => await _harness.StartRouterAsync();
}
