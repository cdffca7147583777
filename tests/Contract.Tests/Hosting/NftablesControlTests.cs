using Slipway.Core.Hosting;
using Slipway.Host;
using Slipway.Testing.Contracts;

namespace Slipway.Contract.Tests.Hosting;

[Trait("needs", "root")]
public sealed class NftablesControlTests : HostControlContract
{
    protected override IHostControl Host { get; } = RootHost.Control();

    public override ValueTask InitializeAsync()
    {
        RootHost.Require();
        return ValueTask.CompletedTask;
    }

    protected override async Task<string?> TableAsync(string homeId)
    {
        var listed = await HostCommand.RunAsync(
            RootHost.Program("nft"), ["-s", "list", "table", "inet", new HomeNames(homeId).FirewallTable], "", TimeSpan.FromSeconds(10), TimeProvider.System, Ct);
        return listed.ExitCode == 0 ? listed.Output : null;
    }
}
