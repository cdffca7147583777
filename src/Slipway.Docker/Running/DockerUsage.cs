using System.Collections.Concurrent;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.Core.Hosting;
using Slipway.Core.Pipeline.Running;
using Slipway.Docker.BaseImages;

namespace Slipway.Docker.Running;

/// <summary>By the container's cgroup and its network's counters where this process can see them, else by the engine.</summary>
internal sealed class DockerUsage(IDockerClient engine, ICgroupReader cgroups, IOptions<DockerOptions> options, TimeProvider time) : IInstanceUsage
{
    private const int AtATime = 4;

    private readonly HomeNames _names = new(options.Value.HomeId);

    /// <summary>Where each is to be found, so that the engine is asked once for each start.</summary>
    private readonly ConcurrentDictionary<InstanceId, Place> _places = new();

    public async Task<IReadOnlyDictionary<InstanceId, InstanceUsage>> ReadAsync(IReadOnlyCollection<Instance> instances, bool mayAsk, CancellationToken ct)
    {
        var found = new ConcurrentDictionary<InstanceId, InstanceUsage>();
        var awake = instances.Where(i => i.State is InstanceState.Running or InstanceState.Frozen).ToList();
        await Parallel.ForEachAsync(awake, new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = ct }, async (instance, token) =>
        {
            if (await ReadAsync(instance, mayAsk, token) is { } usage) found[instance.Id] = usage;
        });
        foreach (var gone in _places.Keys.Except(awake.Select(i => i.Id)).ToList())
        {
            if (instances.Any(i => i.Id == gone)) _places.TryRemove(gone, out _);
        }

        return found;
    }

    private async Task<InstanceUsage?> ReadAsync(Instance instance, bool mayAsk, CancellationToken ct)
    {
        try
        {
            if (await PlaceAsync(instance, ct) is not { } place) return null;
            if (cgroups.Read(place.Process, place.Container) is { } use)
            {
                var network = NetworkBytes.Read(place.Process);
                return new(time.GetUtcNow(), use.CpuSeconds, use.MemoryBytes, use.MemoryLimitBytes, network?.Received, network?.Sent);
            }

            return mayAsk && instance.State == InstanceState.Running ? await AskAsync(place.Container, ct) : null;
        }
        catch (Exception e) when (e is DockerApiException or HttpRequestException or IOException or TimeoutException)
        {
            // Ended just now, or the engine is away.
            return null;
        }
    }

    private async Task<Place?> PlaceAsync(Instance instance, CancellationToken ct)
    {
        if (_places.TryGetValue(instance.Id, out var known) && known.StartedAt == instance.StartedAt) return known;
        var container = await Deadline.WithinAsync(options.Value.CallTimeout, $"Inspecting {instance.Id}", time, token => engine.Containers.InspectContainerAsync(_names.Container(instance.Id), token), ct);
        if (ContainerObservation.Of(container, _names)?.Id != instance.Id || container.State is not { Running: true } state) return null;
        return _places[instance.Id] = new(instance.StartedAt, container.ID, state.Pid);
    }

    private async Task<InstanceUsage?> AskAsync(string container, CancellationToken ct)
    {
        var answer = new Answer();
        await Deadline.WithinAsync(options.Value.CallTimeout, $"Asking what {container} uses", time, async token =>
        {
            await engine.Containers.GetContainerStatsAsync(container, new ContainerStatsParameters { Stream = false, OneShot = true }, answer, token);
            return true;
        }, ct);
        if (answer.Value is not { CPUStats.CPUUsage: { } cpu, MemoryStats: { } memory } stats) return null;
        var cache = memory.Stats is { } details ? details.TryGetValue("inactive_file", out var unified) || details.TryGetValue("total_inactive_file", out unified) ? (long)unified : 0 : 0;
        return new(
            time.GetUtcNow(), cpu.TotalUsage / 1e9, Math.Max(0, (long)(memory.Usage ?? 0) - cache), memory.Limit > 0 ? (long)memory.Limit : null,
            stats.Networks?.Values.Sum(n => (long)n.RxBytes), stats.Networks?.Values.Sum(n => (long)n.TxBytes));
    }

    private sealed record Place(DateTimeOffset? StartedAt, string Container, long Process);

    /// <summary>Not <see cref="Progress{T}"/>, which tells of it later.</summary>
    private sealed class Answer : IProgress<ContainerStatsResponse>
    {
        public ContainerStatsResponse? Value { get; private set; }

        public void Report(ContainerStatsResponse value) => Value = value;
    }
}
