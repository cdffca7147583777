using System.Globalization;
using Docker.DotNet.Models;
using Slipway.Core;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Docker.Running;

/// <summary>What the engine says of a container → <see cref="Instance"/>. Pure.</summary>
internal static class ContainerObservation
{
    /// <summary>Null when it is not this home's: the labels and the name must both fit.</summary>
    public static Instance? Of(ContainerInspectResponse container, HomeNames names)
    {
        var labels = container.Config?.Labels;
        if (labels is null || container.State is not { } observed ||
            ContainerLabels.InstanceOf(labels, names.HomeId) is not { } id ||
            container.Name?.TrimStart('/') != names.Container(id) ||
            !StrongId.TryParse<DeploymentId>(labels.TryGetValue(ContainerLabels.Deployment, out var text) ? text : null, out var deployment) ||
            !int.TryParse(labels.TryGetValue(ContainerLabels.Port, out var number) ? number : null, out var port))
            return null;

        var state = StateOf(observed);
        // The engine can miss the kernel's notice when the cgroup goes with its last process; we ourselves remove what we kill.
        var wasKilled = state == InstanceState.Exited && observed.ExitCode == 137;
        return new(
            id, deployment, container.Config?.Image ?? container.Image, state, AddressOf(container, state, names), port,
            Time(observed.StartedAt), state == InstanceState.Exited ? Time(observed.FinishedAt) : null,
            state == InstanceState.Exited ? (int)observed.ExitCode : null, observed.OOMKilled || wasKilled, DataOf: DataOf(labels), IsApart: IsApart(container, names));
    }

    /// <summary>The network it was made for.</summary>
    public static string NetworkOf(ContainerInspectResponse container) => container.HostConfig?.NetworkMode ?? "";

    private static bool IsApart(ContainerInspectResponse container, HomeNames names) => NetworkOf(container) is { Length: > 0 } network && network != names.ServeNetwork;

    /// <summary>As it was wanted at its making; nothing for one that was made before there were volumes.</summary>
    public static string VolumesOf(ContainerInspectResponse container) => container.Config?.Labels?.TryGetValue(ContainerLabels.Volumes, out var text) == true ? text : "";

    private static ProjectId? DataOf(IDictionary<string, string> labels) =>
        labels.TryGetValue(ContainerLabels.Volumes, out var volumes) && ContainerLabels.HasNamed(volumes) &&
        StrongId.TryParse<ProjectId>(labels.TryGetValue(ContainerLabels.Project, out var text) ? text : null, out var project)
            ? project : null;

    /// <summary>Its own words for why the app could not be started (no such program, not executable), for want of output.</summary>
    public static string? StartError(ContainerInspectResponse container) =>
        string.IsNullOrEmpty(container.State?.Error) ? null : container.State.Error;

    private static InstanceState StateOf(State state) => state.Status switch
    {
        "running" or "restarting" => InstanceState.Running,
        "paused" => InstanceState.Frozen,
        // A program that could not be executed leaves the container "created", with the shell's exit code for it.
        "created" when state.ExitCode == 0 => InstanceState.Created,
        _ => InstanceState.Exited,
    };

    // Read anew each time: the engine may give another address after a restart.
    private static string? AddressOf(ContainerInspectResponse container, InstanceState state, HomeNames names) =>
        state is InstanceState.Running or InstanceState.Frozen &&
        container.NetworkSettings?.Networks?.TryGetValue(IsApart(container, names) ? NetworkOf(container) : names.ServeNetwork, out var endpoint) == true &&
        !string.IsNullOrEmpty(endpoint.IPAddress)
            ? endpoint.IPAddress
            : null;

    // "0001-01-01T00:00:00Z" is the engine's "never".
    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1 ? time : null;
}
