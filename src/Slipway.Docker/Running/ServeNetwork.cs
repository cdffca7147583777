using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.Hosting;

namespace Slipway.Docker.Running;

/// <summary>
/// The bridge that this home's instances are in: its members can't speak to each other, and its device name is known to the
/// firewall. Made when first needed and again when somebody removed it.
/// </summary>
internal sealed class ServeNetwork(IDockerClient engine, IOptions<DockerOptions> options, ILogger<ServeNetwork> log) : IDisposable
{
    private const string DeviceOption = "com.docker.network.bridge.name";
    private const string TrafficOption = "com.docker.network.bridge.enable_icc";

    private readonly SemaphoreSlim _making = new(1, 1);
    private readonly HomeNames _names = new(options.Value.HomeId);

    public string Name => _names.ServeNetwork;

    public async Task EnsureAsync(CancellationToken ct)
    {
        await _making.WaitAsync(ct);
        try
        {
            if (await FindAsync(ct) is { } found)
            {
                Verify(found);
                return;
            }

            await CreateAsync(ct);
        }
        finally
        {
            _making.Release();
        }
    }

    public void Dispose() => _making.Dispose();

    private async Task CreateAsync(CancellationToken ct)
    {
        try
        {
            await engine.Networks.CreateNetworkAsync(Description(), ct);
            log.MadeNetwork(Name, _names.ServeDevice);
        }
        // The device name is unique, so of two processes of one home the second ends here.
        catch (DockerApiException) when (!ct.IsCancellationRequested)
        {
            if (await FindAsync(ct) is not { } made) throw;
            Verify(made);
        }
    }

    private NetworksCreateParameters Description() => new()
    {
        Name = Name,
        Driver = "bridge",
        IPAM = options.Value.ServeSubnet is { } subnet ? new() { Driver = "default", Config = [new() { Subnet = subnet }] } : null,
        Options = new Dictionary<string, string> { [DeviceOption] = _names.ServeDevice, [TrafficOption] = "false" },
        Labels = new Dictionary<string, string> { [ContainerLabels.Home] = _names.HomeId },
    };

    private async Task<NetworkResponse?> FindAsync(CancellationToken ct)
    {
        // The filter matches parts of names.
        var filters = new Dictionary<string, IDictionary<string, bool>> { ["name"] = new Dictionary<string, bool> { [Name] = true } };
        var networks = await engine.Networks.ListNetworksAsync(new() { Filters = filters }, ct);
        return networks.FirstOrDefault(network => network.Name == Name);
    }

    /// <summary>A network of that name without the fence would let apps reach each other, silently.</summary>
    private void Verify(NetworkResponse network)
    {
        if (network.Driver == "bridge" && Option(TrafficOption) == "false" && Option(DeviceOption) == _names.ServeDevice) return;
        throw new InvalidOperationException(
            $"The engine's network {Name} is not as Slipway makes it; remove it with: docker network rm {Name}");

        string? Option(string name) => network.Options?.TryGetValue(name, out var value) == true ? value : null;
    }
}
