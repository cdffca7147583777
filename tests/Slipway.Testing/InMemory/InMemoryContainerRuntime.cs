using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Slipway.Core;
using Slipway.Core.Pipeline.Running;

namespace Slipway.Testing.InMemory;

/// <summary>Runs scripted apps: an image is a name in <see cref="Images"/> and what its app does.</summary>
public sealed class InMemoryContainerRuntime(TimeProvider time) : IContainerRuntime, IVolumes
{
    private readonly Lock _gate = new();
    private readonly Dictionary<InstanceId, Container> _containers = [];
    private readonly List<Channel<InstanceId>> _watchers = [];
    private int _lastAddress;

    /// <summary>Image address → its app.</summary>
    public ConcurrentDictionary<string, ScriptedApp> Images { get; } = new();

    /// <summary>Every start that was one (not those that found it running), in order.</summary>
    public ConcurrentQueue<InstanceSpec> Starts { get; } = new();

    /// <summary>Who was put to sleep, in order.</summary>
    public ConcurrentQueue<(InstanceId Instance, SleepDepth Depth)> Sleeps { get; } = new();

    /// <summary>What is in the volumes: how often an app was there.</summary>
    public ConcurrentDictionary<string, int> Kept { get; } = new();

    /// <summary>How many instances of one project ever had its volumes at once, running.</summary>
    public int MostKeepers { get; private set; }

    public string EngineName(ProjectId project, string name) => $"{project}-{name}";

    Task IVolumes.RemoveAsync(ProjectId project, string name, CancellationToken ct)
    {
        lock (_gate)
        {
            if (_containers.Values.Any(c => c.Observed.DataOf == project && c.Volumes.Any(v => v.Name == name))) throw new VolumeInUseException(EngineName(project, name));
            Kept.TryRemove(EngineName(project, name), out _);
        }

        return Task.CompletedTask;
    }

    public Task<Instance> StartAsync(InstanceSpec spec, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_containers.TryGetValue(spec.Id, out var existing) && existing.Observed.State is InstanceState.Running or InstanceState.Frozen)
            {
                existing.Observed = existing.Observed with { State = InstanceState.Running };
                return Task.FromResult(existing.Observed);
            }

            if (!Images.TryGetValue(spec.Image, out var app)) throw new ImageMissingException(spec.Image);

            Starts.Enqueue(spec);
            if (existing is not null && !existing.Volumes.SequenceEqual(spec.Volumes)) existing = null;
            var container = _containers[spec.Id] = existing ?? new Container();
            container.Begin(spec, app, app.Address ?? $"10.77.{++_lastAddress / 250}.{(_lastAddress % 250) + 2}", time.GetUtcNow());
            if (app.Remembers is { } folder) container.Print(Visits(container, spec, folder).ToString(System.Globalization.CultureInfo.InvariantCulture), time.GetUtcNow());
            if (spec.Volumes.Any(v => v.Name is not null)) MostKeepers = Math.Max(MostKeepers, _containers.Values.Count(c => c.Observed.DataOf == spec.Project && c.Observed.State is InstanceState.Running or InstanceState.Frozen));
            Tell(spec.Id);
            if (app.ExitsWith is { } code) End(container, code, app.RunsOutOfMemory);
            return Task.FromResult(container.Observed);
        }
    }

    public Task SleepAsync(InstanceId id, SleepDepth depth, TimeSpan grace, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_containers.TryGetValue(id, out var container) || container.Observed.State is not (InstanceState.Running or InstanceState.Frozen)) return Task.CompletedTask;
            Sleeps.Enqueue((id, depth));
            if (depth == SleepDepth.Stopped) End(container, 143, wasOutOfMemory: false);
            if (depth == SleepDepth.Frozen) container.Observed = container.Observed with { State = InstanceState.Frozen };
        }

        return Task.CompletedTask;
    }

    public Task RemoveAsync(InstanceId id, TimeSpan grace, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_containers.Remove(id, out var container)) return Task.CompletedTask;
            container.Change();
            Tell(id);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Instance>> ListAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
            return Task.FromResult<IReadOnlyList<Instance>>(
                [.. _containers.Values.Select(container => container.Observed).OrderBy(instance => instance.Id.Value)]);
    }

    public Task<Instance?> InspectAsync(InstanceId id, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        lock (_gate)
            return Task.FromResult(_containers.TryGetValue(id, out var container) ? container.LookedUp() : null);
    }

    public async IAsyncEnumerable<OutputLine> ReadOutputAsync(InstanceId id, OutputQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        var sent = -1;
        while (true)
        {
            OutputLine[] lines;
            Task changed;
            bool isOver;
            lock (_gate)
            {
                if (!_containers.TryGetValue(id, out var container)) yield break;
                if (sent < 0) sent = Math.Max(0, container.Output.Count - query.Tail);
                lines = [.. container.Output.Skip(sent)];
                sent += lines.Length;
                changed = container.Changed.Task;
                isOver = !query.Follow || container.Observed.State != InstanceState.Running;
            }

            foreach (var line in lines)
                if (line.At > (query.After ?? DateTimeOffset.MinValue)) yield return line;
            if (isOver) yield break;
            await changed.WaitAsync(ct);
        }
    }

    public async IAsyncEnumerable<InstanceId> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var channel = Channel.CreateUnbounded<InstanceId>();
        // As a real one does when its subscription stands: look at everything.
        channel.Writer.TryWrite(default);
        lock (_gate) _watchers.Add(channel);
        try
        {
            await foreach (var id in channel.Reader.ReadAllAsync(ct)) yield return id;
        }
        finally
        {
            lock (_gate) _watchers.Remove(channel);
        }
    }

    /// <summary>The app ends of itself.</summary>
    public void Exit(InstanceId id, int code, bool wasOutOfMemory = false)
    {
        lock (_gate) End(_containers[id], code, wasOutOfMemory);
    }

    /// <summary>The app prints a line.</summary>
    public void Print(InstanceId id, string line)
    {
        lock (_gate) _containers[id].Print(line, time.GetUtcNow());
    }

    /// <summary>The app begins to listen on these ports, and stops on others.</summary>
    public void Listen(InstanceId id, params IReadOnlyList<int> ports)
    {
        lock (_gate) _containers[id].Ports = ports;
    }

    /// <summary>The engine restarts: watchers reconnect, apps go on.</summary>
    public void Reconnect()
    {
        lock (_gate) Tell(default);
    }

    private void End(Container container, int code, bool wasOutOfMemory)
    {
        container.Observed = container.Observed with
        {
            State = InstanceState.Exited,
            Address = null,
            ExitCode = code,
            WasOutOfMemory = wasOutOfMemory,
            FinishedAt = time.GetUtcNow(),
        };
        container.Change();
        Tell(container.Observed.Id);
    }

    private int Visits(Container container, InstanceSpec spec, string folder) =>
        spec.Volumes.FirstOrDefault(v => v.Path == folder)?.Name is { } name ? Kept.AddOrUpdate(EngineName(spec.Project, name), 1, (_, n) => n + 1) : ++container.Visits;

    private void Tell(InstanceId id) => _watchers.ForEach(watcher => watcher.Writer.TryWrite(id));

    private sealed class Container
    {
        private bool _listensOnLoopbackOnly;

        public Instance Observed { get; set; } = new(default, default, "", InstanceState.Created, null, 0, null, null, null, false);
        public List<OutputLine> Output { get; } = [];
        public IReadOnlyList<VolumeMount> Volumes { get; private set; } = [];

        /// <summary>In a folder of its own.</summary>
        public int Visits { get; set; }

        /// <summary>Ends at the next line or change of state.</summary>
        public TaskCompletionSource Changed { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public IReadOnlyList<int> Ports { get; set; } = [];

        public void Begin(InstanceSpec spec, ScriptedApp app, string address, DateTimeOffset now)
        {
            Volumes = spec.Volumes;
            Observed = new(spec.Id, spec.Deployment, spec.Image, InstanceState.Running, address, spec.Port, now, null, null, false, DataOf: spec.Volumes.Any(v => v.Name is not null) ? spec.Project : null, IsApart: spec.IsApart);
            Ports = app.Ports ?? [spec.Port];
            _listensOnLoopbackOnly = app.ListensOnLoopbackOnly;
            foreach (var line in app.Output(spec)) Print(line, now);
            foreach (var line in app.Errors(spec)) Print(line, now, isError: true);
        }

        public void Print(string line, DateTimeOffset now, bool isError = false)
        {
            // A line later than the one before it, as the engine's clock gives them.
            var at = Output.Count > 0 && Output[^1].At >= now ? Output[^1].At.AddTicks(1) : now;
            Output.Add(new(at, isError, line));
            Change();
        }

        public void Change()
        {
            var before = Changed;
            Changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            before.SetResult();
        }

        public Instance LookedUp() => Observed.State != InstanceState.Running
            ? Observed
            : Observed with
            {
                ListeningPorts = _listensOnLoopbackOnly ? [] : [.. Ports.Order()],
                ListensOnLoopbackOnly = _listensOnLoopbackOnly && Ports.Contains(Observed.Port),
            };
    }
}
