namespace Slipway.Core.Pipeline.Running;

/// <summary>What one instance may use.</summary>
public sealed record InstanceLimits
{
    /// <summary>Bytes; swap is the same, so none.</summary>
    public long MemoryBytes { get; init; } = 512L << 20;

    /// <summary>Cores.</summary>
    public double Cpus { get; init; } = 0.5;
    public int Pids { get; init; } = 512;
}

/// <summary>One container wanted.</summary>
public sealed record InstanceSpec
{
    public required InstanceId Id { get; init; }
    public required DeploymentId Deployment { get; init; }
    public required ProjectId Project { get; init; }

    /// <summary>Pinned image address of the revision.</summary>
    public required string Image { get; init; }
    public required int Port { get; init; }

    /// <summary>Complete; secrets among it, so never log it.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }
    public InstanceLimits Limits { get; init; } = new();

    /// <summary>Folders that it may write into and that are more than memory.</summary>
    public IReadOnlyList<VolumeMount> Volumes { get; init; } = [];

    /// <summary>In a network of its project's own, from which the fence may let it out further than others.</summary>
    public bool IsApart { get; init; }
}

/// <summary>A folder of an instance that lasts.</summary>
/// <param name="Path">Where it is in the instance.</param>
/// <param name="Name">The project's volume, made when first needed; null: a folder of the instance's own, gone with it.</param>
public sealed record VolumeMount(string Path, string? Name);

public enum InstanceState
{
    Created,
    Running,

    /// <summary>All its processes are held where they are: memory kept, no CPU. Connections to it wait.</summary>
    Frozen,
    Exited,
}

/// <summary>One container as observed.</summary>
/// <param name="Address">IP on the serve network; null unless running or frozen.</param>
/// <param name="Port">As wanted by its spec (kept in a label).</param>
/// <param name="ListeningPorts">TCP ports that something in it listens on at a reachable address; null when that can't be seen.</param>
/// <param name="ListensOnLoopbackOnly">It listens on <paramref name="Port"/>, but only at 127.0.0.1.</param>
/// <param name="Freezer">The cgroup that thaws it without the engine; null where there is none.</param>
/// <param name="DataOf">The project whose volumes it was made with, by their names; null: none.</param>
/// <param name="IsApart">It is in its project's own network.</param>
public sealed record Instance(
    InstanceId Id, DeploymentId Deployment, string Image, InstanceState State, string? Address, int Port,
    DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, int? ExitCode, bool WasOutOfMemory,
    IReadOnlyList<int>? ListeningPorts = null, bool ListensOnLoopbackOnly = false, string? Freezer = null, ProjectId? DataOf = null, bool IsApart = false);

/// <summary>
/// Starts and observes containers; all it makes carries the home's id, and it never sees or touches another's.
/// </summary>
public interface IContainerRuntime
{
    /// <summary>Creates and starts it; a second call with the same id changes nothing. An instance that exited is started again (made anew where its volumes or its network are to be others), a frozen one thawed. Image missing: <see cref="ImageMissingException"/>.</summary>
    Task<Instance> StartAsync(InstanceSpec spec, CancellationToken ct);

    /// <summary>Freezes it, or stops it and keeps it (SIGTERM, <paramref name="grace"/>, SIGKILL); <see cref="StartAsync"/> wakes it. One that is gone, or asleep so deep already, is left alone.</summary>
    Task SleepAsync(InstanceId id, SleepDepth depth, TimeSpan grace, CancellationToken ct);

    /// <summary>SIGTERM, <paramref name="grace"/>, SIGKILL, then removed with its logs; missing is fine.</summary>
    Task RemoveAsync(InstanceId id, TimeSpan grace, CancellationToken ct);

    /// <summary>Every container of this home, as it is now.</summary>
    Task<IReadOnlyList<Instance>> ListAsync(CancellationToken ct);

    /// <summary>One instance with <see cref="Instance.ListeningPorts"/> looked up; null when missing.</summary>
    Task<Instance?> InspectAsync(InstanceId id, CancellationToken ct);

    /// <summary>Its output, oldest first, stdout and stderr as they came; from the start of the container, so over restarts of the app. Where it could not even be started, why. Nothing for one that is missing.</summary>
    IAsyncEnumerable<OutputLine> ReadOutputAsync(InstanceId id, OutputQuery query, CancellationToken ct);

    /// <summary>Yields whenever a container of this home started, died or vanished; also once after each reconnect. Ends with the token only.</summary>
    IAsyncEnumerable<InstanceId> WatchAsync(CancellationToken ct);
}

/// <summary>The engine no longer has the image.</summary>
public sealed class ImageMissingException(string image) : Exception($"the engine has no image {image}");
