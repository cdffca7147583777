using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Running;
using Slipway.Docker.BaseImages;

namespace Slipway.Docker.Running;

/// <summary>Commands in this home's containers, by the engine.</summary>
internal sealed class DockerCommands(IDockerClient engine, IOptions<DockerOptions> options, TimeProvider time) : IInstanceCommands
{
    private readonly HomeNames _names = new(options.Value.HomeId);

    public async Task<RunningCommand?> BeginAsync(InstanceId id, InstanceCommand command, CancellationToken ct)
    {
        try
        {
            return await Deadline.WithinAsync(options.Value.CallTimeout, $"Running a command in {id}", time, token => ExecAsync(id, command, token), ct);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
        catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Not there, or not running.
            return null;
        }
    }

    private async Task<RunningCommand?> ExecAsync(InstanceId id, InstanceCommand command, CancellationToken ct)
    {
        var container = await engine.Containers.InspectContainerAsync(_names.Container(id), ct);
        if (ContainerObservation.Of(container, _names)?.Id != id || container.State is not { Running: true }) return null;
        var made = await engine.Exec.CreateContainerExecAsync(container.ID, new ContainerExecCreateParameters
        {
            Cmd = [.. command.Words],
            AttachStdin = true,
            AttachStdout = true,
            AttachStderr = true,
            TTY = command.HasTerminal,
        }, ct);
        var stream = await engine.Exec.StartContainerExecAsync(made.ID, new ContainerExecStartParameters { TTY = command.HasTerminal }, ct);
        return new ExecCommand(engine, made.ID, stream, command.HasTerminal, time);
    }
}
