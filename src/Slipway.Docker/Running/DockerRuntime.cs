using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Running;
using Slipway.Docker.BaseImages;

namespace Slipway.Docker.Running;

/// <summary>
/// Instances as containers of this machine's engine. It keeps nothing in memory: name and labels say which instance a container
/// is, so a restart of ours loses nothing, and two callers at once end with one container.
/// </summary>
internal sealed class DockerRuntime(
    IDockerClient engine, ServeNetwork network, DockerVolumes volumes, IFreezer freezer, IOptions<DockerOptions> options, TimeProvider time, ILogger<DockerRuntime> log)
    : IContainerRuntime
{
    // Removed under us, made by another, network gone: each is cured by looking again, and none comes more than twice.
    private const int StartAttempts = 4;

    private const int LooksForTheOther = 100;

    // Each has a connection of its own, which stays open until the next look.
    private const int LooksAtATime = 8;
    private static readonly TimeSpan _lookAgain = TimeSpan.FromMilliseconds(50);

    private readonly HomeNames _names = new(options.Value.HomeId);

    public Task<Instance> StartAsync(InstanceSpec spec, CancellationToken ct) => WithinAsync($"Starting {spec.Id}", async token =>
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartOnceAsync(spec, token);
            }
            catch (DockerApiException passing) when (
                attempt < StartAttempts && (passing.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict || IsHalfStarted(passing)))
            {
                await GoneAsync(spec.Id, token);
            }
        }
    }, options.Value.CallTimeout, ct);

    public Task SleepAsync(InstanceId id, SleepDepth depth, TimeSpan grace, CancellationToken ct) => WithinAsync($"Putting {id} to sleep", async token =>
    {
        if (await FindAsync(id, token) is not { State.Running: true } container) return false;
        if (depth == SleepDepth.Frozen) await FreezeAsync(container, token);
        if (depth == SleepDepth.Stopped) await StopAsync(container, grace, token);
        return true;
    }, options.Value.CallTimeout + grace, ct);

    public Task RemoveAsync(InstanceId id, TimeSpan grace, CancellationToken ct) => WithinAsync($"Removing {id}", async token =>
    {
        if (await FindAsync(id, token) is not { } container) return false;

        try
        {
            await StopAsync(container, grace, token);
            await engine.Containers.RemoveContainerAsync(container.ID, new() { Force = true, RemoveVolumes = true }, token);
        }
        catch (DockerApiException gone) when (gone.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Another removes it.
            await GoneAsync(id, token);
        }

        log.Removed(id.ToString());
        if (ContainerObservation.Of(container, _names) is { IsApart: true }) await network.LeaveAsync(ContainerObservation.NetworkOf(container), token);
        return true;
    }, options.Value.CallTimeout + grace, ct);

    public Task<IReadOnlyList<Instance>> ListAsync(CancellationToken ct) => WithinAsync<IReadOnlyList<Instance>>("Listing instances", async token =>
    {
        var filters = new Dictionary<string, IDictionary<string, bool>>
        {
            ["label"] = new Dictionary<string, bool> { [$"{ContainerLabels.Home}={_names.HomeId}"] = true },
        };
        var listed = await engine.Containers.ListContainersAsync(new() { All = true, Filters = filters }, token);
        var instances = new ConcurrentBag<Instance>();
        await Parallel.ForEachAsync(listed, new ParallelOptions { MaxDegreeOfParallelism = LooksAtATime, CancellationToken = token }, async (container, look) =>
        {
            if (await InspectAsync(container.ID, look) is { } found && TryObserve(found) is { } instance) instances.Add(instance);
        });
        return [.. instances.OrderBy(instance => instance.Id.Value)];
    }, options.Value.CallTimeout, ct);

    public Task<Instance?> InspectAsync(InstanceId id, CancellationToken ct) => WithinAsync($"Inspecting {id}", async token =>
    {
        if (await FindAsync(id, token) is not { } container || TryObserve(container) is not { } instance) return null;
        if (instance.State != InstanceState.Running) return instance;

        var sockets = await ContainerSockets.ReadAsync(container.ID, container.State?.Pid ?? 0, token);
        return instance with
        {
            ListeningPorts = sockets?.Reachable,
            ListensOnLoopbackOnly = sockets?.IsOnLoopbackOnly(instance.Port) == true,
        };
    }, options.Value.CallTimeout, ct);

    public async IAsyncEnumerable<OutputLine> ReadOutputAsync(InstanceId id, OutputQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        if (query.Follow || query.Tail == OutputQuery.All)
        {
            if (await WithinAsync($"Finding {id}", token => FindAsync(id, token), options.Value.CallTimeout, ct) is not { } container) yield break;
            await foreach (var line in ContainerOutput.ReadAsync(engine, container.ID, query, ct)) yield return line;
        }
        else
        {
            foreach (var line in await WithinAsync($"Reading the output of {id}", token => ReadAsync(id, query, token), options.Value.CallTimeout, ct)) yield return line;
        }
    }

    public IAsyncEnumerable<InstanceId> WatchAsync(CancellationToken ct) => new ContainerEvents(engine, _names, time, log).ReadAsync(ct);

    private async Task<IReadOnlyList<OutputLine>> ReadAsync(InstanceId id, OutputQuery query, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } container) return [];

        var output = await ContainerOutput.ReadAsync(engine, container.ID, query, ct).ToListAsync(ct);
        // One of the engine's records can hold several of our lines.
        if (output.Count > query.Tail) output.RemoveRange(0, output.Count - query.Tail);
        return output.Count == 0 && query.Tail > 0 && ContainerObservation.StartError(container) is { } error ? [new(time.GetUtcNow(), true, error)] : output;
    }

    private async Task<Instance> StartOnceAsync(InstanceSpec spec, CancellationToken ct)
    {
        var container = await FindAsync(spec.Id, ct);
        if (container is { State.Running: true })
        {
            return await ThawAsync(container, ct) ? Observe(await FindAsync(spec.Id, ct) ?? throw Vanished(spec.Id)) : Observe(container);
        }

        await network.EnsureAsync(spec.IsApart ? spec.Project : null, ct);
        if (container is not null && (ContainerObservation.VolumesOf(container) != ContainerLabels.VolumesOf(spec) || ContainerObservation.NetworkOf(container) != ContainerDescription.NetworkOf(spec, _names.HomeId)))
        {
            await engine.Containers.RemoveContainerAsync(container.ID, new() { Force = true, RemoveVolumes = true }, ct);
            container = null;
        }

        if (container is null) await CreateAsync(spec, ct);
        // At each start: who made it may have died before he came so far.
        if (spec.Volumes.Count > 0) await VolumeOwner.GiveAsync(engine, await FindAsync(spec.Id, ct) ?? throw Vanished(spec.Id), spec.Volumes, ct);
        await RunAsync(spec, ct);
        return Observe(await FindAsync(spec.Id, ct) ?? throw Vanished(spec.Id));
    }

    private async Task CreateAsync(InstanceSpec spec, CancellationToken ct)
    {
        try
        {
            var image = await engine.Images.InspectImageAsync(spec.Image, ct);
            var info = await engine.System.GetSystemInfoAsync(ct);
            // A missing docker-init is "N/A" here, and asking for it would fail the start.
            var traits = new EngineTraits(info.InitCommit?.ID is not (null or "N/A"), info.NCPU);
            var description = ContainerDescription.Of(spec, options.Value, image.Config, traits, OpenFilesLimit.OfHost());
            foreach (var name in spec.Volumes.Select(v => v.Name).OfType<string>()) await volumes.EnsureAsync(spec.Project, name, ct);
            await engine.Containers.CreateContainerAsync(description, ct);
        }
        catch (DockerImageNotFoundException)
        {
            throw new ImageMissingException(spec.Image);
        }
        catch (DockerApiException taken) when (taken.StatusCode == HttpStatusCode.Conflict)
        {
            // Made by another caller at the same time, which is what we want; a stranger's is not.
            if (!await IsMadeByAnotherAsync(spec.Id, ct)) throw;
        }
    }

    /// <summary>The engine reserves a name before the container can be seen, so it may take a moment.</summary>
    private async Task<bool> IsMadeByAnotherAsync(InstanceId id, CancellationToken ct)
    {
        for (var look = 0; look < LooksForTheOther; look++)
        {
            if (await InspectAsync(_names.Container(id), ct) is { } made) return ContainerObservation.Of(made, _names)?.Id == id;
            await Task.Delay(_lookAgain, time, ct);
        }

        // The other failed, and the name is free again: the caller tries anew.
        return false;
    }

    private async Task RunAsync(InstanceSpec spec, CancellationToken ct)
    {
        var name = _names.Container(spec.Id);
        try
        {
            if (await engine.Containers.StartContainerAsync(name, new(), ct)) log.Started(spec.Id.ToString(), spec.Deployment.ToString());
        }
        catch (DockerApiException failed)
        {
            var container = await FindAsync(spec.Id, ct);
            // No such program, or not executable: the app's fault, told as an exit with the shell's code for it (126, 127).
            if (container is { State.ExitCode: 126 or 127, State.Running: false })
            {
                log.NotStarted(spec.Id.ToString(), spec.Deployment.ToString(), container.State.Error ?? failed.Message);
                return;
            }

            // A container remembers its network by number, so one whose network was removed can only be made again.
            if ((failed.StatusCode == HttpStatusCode.NotFound || IsHalfStarted(failed)) && container is { State.Running: false })
                await engine.Containers.RemoveContainerAsync(container.ID, new() { Force = true, RemoveVolumes = true }, ct);
            throw;
        }
    }

    /// <summary>The engine died in the middle of its start: it has a task by that number and knows nothing of it (20.10), so each start is refused from then on.</summary>
    private static bool IsHalfStarted(DockerApiException failed) =>
        failed.StatusCode == HttpStatusCode.InternalServerError && failed.Message.Contains("task", StringComparison.Ordinal) && failed.Message.Contains("already exists", StringComparison.Ordinal);

    /// <summary>By the cgroup where we may write it, else by the engine.</summary>
    private async Task FreezeAsync(ContainerInspectResponse container, CancellationToken ct)
    {
        if (container.State?.Paused == true || (FreezerOf(container) is { } group && await freezer.FreezeAsync(group, ct))) return;
        await engine.Containers.PauseContainerAsync(container.ID, ct);
    }

    /// <summary>True: it was frozen. The engine knows nothing of a freeze by cgroup, and can neither stop nor kill what is held.</summary>
    private async Task<bool> ThawAsync(ContainerInspectResponse container, CancellationToken ct)
    {
        if (container.State?.Paused == true)
        {
            await engine.Containers.UnpauseContainerAsync(container.ID, ct);
            return true;
        }

        return FreezerOf(container) is { } group && freezer.IsFrozen(group) && freezer.Thaw(group);
    }

    private async Task StopAsync(ContainerInspectResponse container, TimeSpan grace, CancellationToken ct)
    {
        await ThawAsync(container, ct);
        await engine.Containers.StopContainerAsync(container.ID, new() { WaitBeforeKillSeconds = (uint)Math.Max(0, Math.Ceiling(grace.TotalSeconds)) }, ct);
    }

    /// <summary>What the engine froze only the engine thaws: else it goes on believing that it is frozen.</summary>
    private string? FreezerOf(ContainerInspectResponse container) =>
        container.State is { Running: true, Paused: false, Pid: > 0 and var process } ? freezer.Find(process, container.ID) : null;

    private Instance? TryObserve(ContainerInspectResponse container)
    {
        if (ContainerObservation.Of(container, _names) is not { State: InstanceState.Running } instance) return ContainerObservation.Of(container, _names);
        var group = FreezerOf(container);
        return instance with { Freezer = group, State = group is not null && freezer.IsFrozen(group) ? InstanceState.Frozen : InstanceState.Running };
    }

    private Instance Observe(ContainerInspectResponse container) =>
        TryObserve(container) ?? throw new InvalidOperationException($"Container {container.Name} is not one of this home.");

    /// <summary>The container of that name, if it is ours.</summary>
    private async Task<ContainerInspectResponse?> FindAsync(InstanceId id, CancellationToken ct) =>
        await InspectAsync(_names.Container(id), ct) is { } found && ContainerObservation.Of(found, _names)?.Id == id ? found : null;

    private async Task<ContainerInspectResponse?> InspectAsync(string container, CancellationToken ct)
    {
        try
        {
            return await engine.Containers.InspectContainerAsync(container, ct);
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Waits out a removal that is under way, and ends one that died with its engine.</summary>
    private async Task GoneAsync(InstanceId id, CancellationToken ct)
    {
        while (await FindAsync(id, ct) is { State: { Status: "removing" } or { Dead: true } } going)
        {
            if (going.State.Status == "dead") await RemoveDeadAsync(going, ct);
            await Task.Delay(_lookAgain, time, ct);
        }
    }

    private async Task RemoveDeadAsync(ContainerInspectResponse container, CancellationToken ct)
    {
        try
        {
            await engine.Containers.RemoveContainerAsync(container.ID, new() { Force = true, RemoveVolumes = true }, ct);
        }
        catch (DockerApiException gone) when (gone.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Another removes it.
        }
    }

    private Task<T> WithinAsync<T>(string what, Func<CancellationToken, Task<T>> act, TimeSpan limit, CancellationToken ct) =>
        Deadline.WithinAsync(limit, what, time, act, ct);

    private static InvalidOperationException Vanished(InstanceId id) => new($"{id} vanished while it was started.");
}
