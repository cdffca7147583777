using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Running;
using Slipway.Docker.BaseImages;

namespace Slipway.Docker.Running;

/// <summary>Projects' volumes as volumes of the engine, by the local driver.</summary>
internal sealed class DockerVolumes(IDockerClient engine, IOptions<DockerOptions> options, TimeProvider time, ILogger<DockerVolumes> log) : IVolumes
{
    private readonly HomeNames _names = new(options.Value.HomeId);

    public string EngineName(ProjectId project, string name) => _names.Volume(project, name);

    /// <summary>Made if it is not there; one that a stranger made by that name is refused: nothing is known of what is in it.</summary>
    public async Task EnsureAsync(ProjectId project, string name, CancellationToken ct)
    {
        // The engine's answer to a second call is the volume that is there.
        var made = await engine.Volumes.CreateAsync(new() { Name = EngineName(project, name), Driver = "local", Labels = Labels(project, name) }, ct);
        if (!IsOurs(made)) throw new InvalidOperationException($"The engine's volume {made.Name} was not made by Slipway; look what it is, and remove it with: docker volume rm {made.Name}");
    }

    public async Task RemoveAsync(ProjectId project, string name, CancellationToken ct) =>
        await Deadline.WithinAsync(options.Value.CallTimeout, $"Removing the volume {name}", time, token => RemoveOnceAsync(EngineName(project, name), token), ct);

    private async Task<bool> RemoveOnceAsync(string volume, CancellationToken ct)
    {
        try
        {
            if (!IsOurs(await engine.Volumes.InspectAsync(volume, ct))) return false;
            await engine.Volumes.RemoveAsync(volume, cancellationToken: ct);
            log.RemovedVolume(volume);
            return true;
        }
        catch (DockerApiException gone) when (gone.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
        catch (DockerApiException held) when (held.StatusCode == HttpStatusCode.Conflict)
        {
            throw new VolumeInUseException(volume);
        }
    }

    private bool IsOurs(VolumeResponse volume) => volume.Labels?.TryGetValue(ContainerLabels.Home, out var home) == true && home == _names.HomeId;

    private Dictionary<string, string> Labels(ProjectId project, string name) => new()
    {
        [ContainerLabels.Home] = _names.HomeId,
        [ContainerLabels.Project] = project.ToString(),
        [ContainerLabels.Volume] = name,
    };
}
