using Slipway.Testing.Contracts;

namespace Contract.Tests.Sourcing;

public sealed class GitSourceFetcherTests : SourceFetcherContract
{
    protected override async Task<SourceHarness> StartAsync() => await GitFixture.StartAsync();
}
