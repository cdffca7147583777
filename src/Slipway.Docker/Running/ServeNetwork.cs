using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Hosting;

namespace Slipway.Docker.Running;

/// <summary>
/// The bridges that this home's instances are in, one for all and one for each project with ways out of its own: members can't speak to
/// each other, and the device names are known to the firewall. Made when first needed and again when somebody removed them.
/// </summary>
internal sealed class ServeNetwork(IDockerClient engine, IOptions<DockerOptions> options, ILogger<ServeNetwork> log) : IDisposable
{
    private const string DeviceOption = "com.docker.network.bridge.name";
    private const string TrafficOption = "com.docker.network.bridge.enable_icc";

    private readonly SemaphoreSlim _making = new(1, 1);
    private readonly HomeNames _names = new(options.Value.HomeId);

    public string Name => _names.ServeNetwork;

    /// <param name="project">Null: the one for all.</param>
    public async Task EnsureAsync(ProjectId? project, CancellationToken ct)
    {
        var wanted = project is { } own ? new Bridge(_names.ProjectNetwork(own), _names.ProjectDevice(own)) : new Bridge(Name, _names.ServeDevice);
        await _making.WaitAsync(ct);
        try
        {
            if (await FindAsync(wanted.Name, ct) is { } found)
            {
                Verify(found, wanted);
                return;
            }

            await CreateAsync(wanted, project, ct);
        }
        finally
        {
            _making.Release();
        }
    }

    /// <summary>Removes a project's network with its last container: the engine has address ranges for some thirty.</summary>
    public async Task LeaveAsync(string name, CancellationToken ct)
    {
        if (name == Name) return;
        await _making.WaitAsync(ct);
        try
        {
            var filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [$"{ContainerLabels.Home}={_names.HomeId}"] = true }, ["network"] = new Dictionary<string, bool> { [name] = true } };
            if ((await engine.Containers.ListContainersAsync(new() { All = true, Filters = filters }, ct)).Count == 0) await engine.Networks.DeleteNetworkAsync(name, ct);
        }
        catch (DockerApiException) when (!ct.IsCancellationRequested)
        {
            // Gone already, or somebody is in it again.
        }
        finally
        {
            _making.Release();
        }
    }

    public void Dispose() => _making.Dispose();

    private async Task CreateAsync(Bridge wanted, ProjectId? project, CancellationToken ct)
    {
        try
        {
            await engine.Networks.CreateNetworkAsync(Description(wanted, project), ct);
            log.MadeNetwork(wanted.Name, wanted.Device);
        }
        // The device name is unique, so of two processes of one home the second ends here.
        catch (DockerApiException) when (!ct.IsCancellationRequested)
        {
            if (await FindAsync(wanted.Name, ct) is not { } made) throw;
            Verify(made, wanted);
        }
    }

    private NetworksCreateParameters Description(Bridge wanted, ProjectId? project) => new()
    {
        Name = wanted.Name,
        Driver = "bridge",
        IPAM = project is null && options.Value.ServeSubnet is { } subnet ? new() { Driver = "default", Config = [new() { Subnet = subnet }] } : null,
        Options = new Dictionary<string, string> { [DeviceOption] = wanted.Device, [TrafficOption] = "false" },
        Labels = new Dictionary<string, string> { [ContainerLabels.Home] = _names.HomeId },
    };

    private async Task<NetworkResponse?> FindAsync(string name, CancellationToken ct)
    {
        // The filter matches parts of names.
        var filters = new Dictionary<string, IDictionary<string, bool>> { ["name"] = new Dictionary<string, bool> { [name] = true } };
        var networks = await engine.Networks.ListNetworksAsync(new() { Filters = filters }, ct);
        return networks.FirstOrDefault(network => network.Name == name);
    }

    /// <summary>A network of that name without the fence would let apps reach each other, silently.</summary>
    private static void Verify(NetworkResponse network, Bridge wanted)
    {
        if (network.Driver == "bridge" && Option(TrafficOption) == "false" && Option(DeviceOption) == wanted.Device) return;
        throw new InvalidOperationException(
            $"The engine's network {wanted.Name} is not as Slipway makes it; remove it with: docker network rm {wanted.Name}");

        string? Option(string name) => network.Options?.TryGetValue(name, out var value) == true ? value : null;
    }

    private sealed record Bridge(string Name, string Device);
}
