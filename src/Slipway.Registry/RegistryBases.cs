using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.BuildLogs;
using Slipway.Core.Pipeline.Building;
using Slipway.Core.Pipeline.Planning;
using Slipway.Core.Pipeline.Shipping;

namespace Slipway.Registry;

/// <summary>
/// A builder that is not the engine's sees nothing that the engine made: a base of Slipway's own is pushed to the registry once, and named as
/// the builder reaches it.
/// </summary>
/// <param name="repositories">What the names of these repositories begin with: <c>slipway-0123abcd-bases/</c>; no deployment's image is among them, so retention leaves them alone.</param>
internal sealed class RegistryBases(IBaseImages engines, RegistryClient client, IImageTransfer transfer, string repositories, IOptions<RegistryOptions> options) : IBaseImages
{
    private const string Own = "slipway/";

    public async Task<Outcome<string>> ResolveAsync(BaseImageNeed need, IBuildOutput output, CancellationToken ct)
    {
        var found = await engines.ResolveAsync(need, output, ct);
        if (found.IsFailure(out _) || !found.Value.StartsWith(Own, StringComparison.Ordinal)) return found;

        var o = options.Value;
        var colon = found.Value.LastIndexOf(':');
        var (repository, tag) = (repositories + found.Value[Own.Length..colon], found.Value[(colon + 1)..]);
        try
        {
            // Its tag is made of all that went into it.
            if (await client.ManifestAsync(repository, tag, ct) is null)
            {
                output.Say($"pushing {found.Value} to {o.Address}, for the builder");
                if (await transfer.PushAsync(found.Value, $"{o.Address}/{repository}:{tag}", o.Login(), text => output.Say(text), ct) is { } refused) return refused;
            }
        }
        catch (RegistryRefusedException refused)
        {
            return refused.Failure;
        }

        return $"{(o.BuilderAddress.Length > 0 ? o.BuilderAddress : o.Address)}/{repository}:{tag}";
    }
}
