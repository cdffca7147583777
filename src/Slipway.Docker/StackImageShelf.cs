using Microsoft.Extensions.Options;
using Slipway.Core.BuildLogs;
using Slipway.Core.Stack;
using Slipway.Docker.BaseImages;

namespace Slipway.Docker;

/// <summary>The images that the stack runs: official ones where a registry gives them, else made here from Debian's packages; Slipway's own always made here.</summary>
public sealed class StackImageShelf
{
    private readonly StackImages _made;
    private readonly EngineBaseImages _official;
    private readonly LocalBaseImages _local;
    private readonly BaseImageOptions _options;

    internal StackImageShelf(StackImages made, EngineBaseImages official, LocalBaseImages local, IOptions<BaseImageOptions> options) =>
        (_made, _official, _local, _options) = (made, official, local, options.Value);

    /// <param name="entryPoints">The folder <c>deploy/images</c>.</param>
    /// <param name="edge">The edge's native program, where there is one.</param>
    /// <param name="wanted">What the user names himself; an empty name is chosen here.</param>
    public async Task<StackMaterial> ObtainAsync(string version, string entryPoints, string? edge, StackImageNames wanted, IBuildOutput output, CancellationToken ct)
    {
        void Progress(string text) => output.Say(text);
        // The worker is no root and can't bootstrap a Debian: what its builds stand on is made before.
        await _local.DebianAsync(Progress, ct);
        if (_options.Checkout.Length > 0) await _local.StaticFromCheckoutAsync(_options.Checkout, _options.StaticRoot, Progress, ct);
        else await _local.StaticAsync(_options.StaticRoot, Progress, ct);
        var images = new StackImageNames(
            wanted.Slipway.Length > 0 ? wanted.Slipway : (await _made.SlipwayAsync(AppContext.BaseDirectory, _options.StaticRoot, edge, version, Progress, ct)).Reference,
            await ServiceAsync(StackService.Postgres, wanted.Postgres, "postgres:17"),
            await ServiceAsync(StackService.Nats, wanted.Nats, "nats:2.11-alpine"),
            await ServiceAsync(StackService.Registry, wanted.Registry, "registry:2.8.3"),
            await ServiceAsync(StackService.Prometheus, wanted.Prometheus, "prom/prometheus:v3.5.0"));
        return new(images, NpmRegistryAddress.OfHost().AbsoluteUri);

        async Task<string> ServiceAsync(StackService service, string named, string official)
        {
            if (named.Length > 0) return named;
            if (_options.Source != "bootstrap" && await _official.ObtainAsync(official, output, ct) is null) return official;
            if (_options.Source == "registry") throw new InvalidOperationException($"the image {official} cannot be pulled; see that the registry can be reached, or set Slipway:BaseImages:Source to auto");
            return (await _made.ServiceAsync(service, entryPoints, Progress, ct)).Reference;
        }
    }
}
