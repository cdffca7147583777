using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Pipeline.Shipping;

namespace Slipway.Registry;

/// <summary>Looks whether the registry lets Slipway and the engine in.</summary>
public sealed class RegistryStatus
{
    private readonly RegistryClient _client;
    private readonly IImageTransfer _transfer;
    private readonly IOptions<RegistryOptions> _options;

    internal RegistryStatus(RegistryClient client, IImageTransfer transfer, IOptions<RegistryOptions> options) => (_client, _transfer, _options) = (client, transfer, options);

    public string Address => _options.Value.Address;

    /// <summary>Null: all is well. A Failure is a setting that is wrong; one that is away is a <see cref="RegistryAwayException"/>.</summary>
    public async Task<Failure?> LookAsync(CancellationToken ct)
    {
        try
        {
            await _client.CheckAsync(ct);
            return await _transfer.CheckAsync(_options.Value.Login(), ct);
        }
        catch (RegistryRefusedException refused)
        {
            return refused.Failure;
        }
    }
}
