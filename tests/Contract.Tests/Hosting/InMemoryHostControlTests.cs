using Slipway.Core.Hosting;
using Slipway.Testing.Contracts;
using Slipway.Testing.InMemory;

namespace Slipway.Contract.Tests.Hosting;

/// <summary>The twin that other tests run on.</summary>
public sealed class InMemoryHostControlTests : HostControlContract
{
    private readonly InMemoryHostControl _host = new();

    protected override IHostControl Host => _host;

    protected override Task<string?> TableAsync(string homeId) => Task.FromResult(_host.Tables.TryGetValue(homeId, out var table) ? table : null);
}
