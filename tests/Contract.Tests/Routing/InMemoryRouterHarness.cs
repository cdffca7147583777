using System.Globalization;
using Slipway.Core.Pipeline.Routing;
using Slipway.Testing.Contracts;
using Slipway.Testing.InMemory;

namespace Contract.Tests.Routing;

/// <summary>A router in memory.</summary>
internal sealed class InMemoryRouterHarness : RouterHarness
{
    private readonly InMemoryRouter _router = new(TimeProvider.System);
    private int _port = 1000;

    public override IRouter Router => _router;

    public override string DeadDestination => "127.0.0.1:9";

    public override Task<string> StartAppAsync(AppAnswer answer)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{++_port}");
        _router.Apps[address] = answer;
        return Task.FromResult(address);
    }

    public override Task StopRouterAsync()
    {
        _router.IsUp = false;
        return Task.CompletedTask;
    }

    public override Task StartRouterAsync()
    {
        _router.IsUp = true;
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
