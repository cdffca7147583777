using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Launching;

/// <summary>
/// Brings a project's data from the deployment that serves production to the one that is to follow it. Two never write it at once,
/// so the old one is stopped before the new one starts; its requests wait at the edge meanwhile.
/// <code>
///   heir: new                stored, so that nobody starts the old one again, whatever dies in between
///   old: held, drained, stopped
///   new: started with the data by the caller, and routed
///   production: new, heir: none          or, when it did not get well:  new stopped, heir: none, old started again
/// </code>
/// </summary>
public sealed class DataHandover(
    IProjectStore projects, IDeploymentStore deployments, IContainerRuntime runtime, IRouter router, InstanceStart start, RoutePublisher routes, FallingAsleep falling,
    IOptions<RuntimeOptions> options, TimeProvider time, ILogger<DataHandover> log)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    // One handover of a project at a time; never forgotten, for they are small.
    private readonly ConcurrentDictionary<ProjectId, SemaphoreSlim> _turns = new();

    /// <summary>Null: there is nothing to hand over. Else to be disposed: what was not completed is given back then.</summary>
    /// <param name="isToServe">Asked once it is this one's turn.</param>
    public async Task<DataTurn?> BeginAsync(Deployment to, Func<CancellationToken, Task<bool>> isToServe, Action<string> say, CancellationToken ct)
    {
        if (await projects.FindAsync(to.Project, ct) is not { Volumes.Count: > 0 }) return null;
        var turn = _turns.GetOrAdd(to.Project, _ => new(1, 1));
        await turn.WaitAsync(ct);
        var data = new DataTurn(this, to, turn, say);
        try
        {
            if (await isToServe(ct) && await TakeAsync(data, ct)) return data;
        }
        catch
        {
            await data.DisposeAsync();
            throw;
        }

        data.Leave();
        await data.DisposeAsync();
        return null;
    }

    /// <summary>Takes a volume off a project for good, with what is in it. What has it is stopped, and started again without it.</summary>
    /// <returns>The project without it; null when it is gone.</returns>
    public async Task<Project?> RemoveAsync(ProjectId id, string name, IVolumes volumes, CancellationToken ct)
    {
        var turn = _turns.GetOrAdd(id, _ => new(1, 1));
        await turn.WaitAsync(ct);
        try
        {
            if (await projects.UpdateAsync(id, p => p with { Volumes = [.. p.Volumes.Where(v => v.Name != name)] }, ct) is not { } project) return null;
            var holders = (await runtime.ListAsync(ct)).Where(i => i.DataOf == id).ToList();
            foreach (var holder in holders) await runtime.RemoveAsync(holder.Id, options.Value.StopGrace, CancellationToken.None);
            await volumes.RemoveAsync(id, name, CancellationToken.None);
            if (project.Production is { } serves && holders.Any(h => h.Deployment == serves)) await StartAgainAsync(serves, CancellationToken.None);
            return project;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>A heir that nobody brings up any more, after a crash of ours: the data is production's again.</summary>
    public async Task ForgetAsync(Project seen, CancellationToken ct)
    {
        var turn = _turns.GetOrAdd(seen.Id, _ => new(1, 1));
        if (!await turn.WaitAsync(TimeSpan.Zero, ct)) return;
        try
        {
            if (seen.DataHeir is { } heir && await deployments.FindAsync(heir, ct) is not { State: DeploymentState.Deploying }) await UnsetAsync(seen.Id, heir, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<bool> TakeAsync(DataTurn data, CancellationToken ct)
    {
        var to = data.To;
        if (await projects.UpdateAsync(to.Project, p => p with { DataHeir = to.Id }, ct) is not { } project) return false;
        var running = (await runtime.ListAsync(ct)).Where(i => i.State is InstanceState.Running or InstanceState.Frozen).ToList();
        foreach (var old in running.Where(i => i.DataOf == to.Project && i.Deployment != to.Id)) await StopAsync(data, old, ct);
        // Made without the data: it is made anew with it.
        if (running.FirstOrDefault(i => i.Deployment == to.Id && i.DataOf is null) is { } own) await runtime.SleepAsync(own.Id, SleepDepth.Stopped, options.Value.StopGrace, ct);
        data.Say(project.Volumes.Count == 1 ? $"it gets the data of the volume '{project.Volumes[0].Name}' ({project.Volumes[0].Path})" : $"it gets the data of the volumes {string.Join(", ", project.Volumes.Select(v => $"'{v.Name}' ({v.Path})"))}");
        return true;
    }

    private async Task StopAsync(DataTurn data, Instance old, CancellationToken ct)
    {
        data.Say($"the project keeps data, which two must not write at once: {old.Deployment} stops before this one starts, and visitors wait meanwhile; it serves again if this one does not get well");
        data.Held.Add(old.Deployment);
        falling.Add(old.Deployment, SleepDepth.Stopped);
        await PublishAsync(ct);
        await DrainAsync(old.Deployment, ct);
        await runtime.SleepAsync(old.Id, SleepDepth.Stopped, options.Value.StopGrace, ct);
        log.DataTaken(old.Deployment, data.To.Id);
    }

    /// <summary>Until its requests are answered, and no longer than an app has to stop.</summary>
    private async Task DrainAsync(DeploymentId id, CancellationToken ct)
    {
        var begun = time.GetTimestamp();
        try
        {
            while ((await router.UseAsync(ct)).Of(id) is { Open: > 0 } && time.GetElapsedTime(begun) < options.Value.StopGrace) await Task.Delay(Look, time, ct);
        }
        catch (RouterDownException)
        {
            // Nobody is there.
        }
    }

    internal async Task CompleteAsync(DataTurn data, CancellationToken ct)
    {
        await UnsetAsync(data.To.Project, data.To.Id, ct);
        Release(data);
        await PublishAsync(ct);
    }

    internal async Task GiveBackAsync(DataTurn data)
    {
        try
        {
            await StopHeirAsync(data.To);
            await UnsetAsync(data.To.Project, data.To.Id, CancellationToken.None);
            if (await projects.FindAsync(data.To.Project, CancellationToken.None) is not { Production: { } serves } || serves == data.To.Id || !data.Held.Contains(serves)) return;
            await StartAgainAsync(serves, CancellationToken.None);
            data.Say($"{serves} has the data again, and serves");
        }
        catch (Exception e)
        {
            // The heir is unset, or is when the reconciler looks: it starts what serves.
            log.NotGivenBack(e, data.To.Id);
        }
        finally
        {
            Release(data);
            await PublishAsync(CancellationToken.None);
        }
    }

    /// <summary>Where the engine is away nobody is stopped, and the data is given back all the same: who gets it stops the others first.</summary>
    private async Task StopHeirAsync(Deployment heir)
    {
        try
        {
            var id = InstanceId.Of(heir.Id);
            if (await runtime.InspectAsync(id, CancellationToken.None) is { DataOf: not null }) await runtime.SleepAsync(id, SleepDepth.Stopped, options.Value.StopGrace, CancellationToken.None);
        }
        catch (Exception e)
        {
            log.NotGivenBack(e, heir.Id);
        }
    }

    private async Task StartAgainAsync(DeploymentId id, CancellationToken ct)
    {
        if (await deployments.FindAsync(id, ct) is not { State: DeploymentState.Ready } d) return;
        var started = await start.StartAsync(d, _ => { }, ct);
        if (started.IsFailure(out var failure)) log.StartRefused(id, failure.Message);
    }

    private Task<Project?> UnsetAsync(ProjectId id, DeploymentId heir, CancellationToken ct) => projects.UpdateAsync(id, p => p.DataHeir == heir ? p with { DataHeir = null } : p, ct);

    private void Release(DataTurn data)
    {
        foreach (var id in data.Held) falling.Remove(id);
    }

    private async Task PublishAsync(CancellationToken ct)
    {
        try
        {
            await routes.PublishAsync(ct);
        }
        catch (RouterDownException)
        {
            // It is told by the reconciler when it is back.
        }
    }
}

/// <summary>One deployment's turn to have its project's data.</summary>
public sealed class DataTurn : IAsyncDisposable
{
    private readonly DataHandover _handover;
    private readonly SemaphoreSlim _turn;
    private bool _isOver;

    internal DataTurn(DataHandover handover, Deployment to, SemaphoreSlim turn, Action<string> say) => (_handover, _turn, To, Say) = (handover, turn, to, say);

    internal Deployment To { get; }

    internal Action<string> Say { get; }

    /// <summary>Whose visitors wait.</summary>
    internal HashSet<DeploymentId> Held { get; } = [];

    /// <summary>It serves: the data is its own.</summary>
    public async Task CompleteAsync(CancellationToken ct)
    {
        await _handover.CompleteAsync(this, ct);
        _isOver = true;
    }

    /// <summary>All stays as it is: the next process goes on with it.</summary>
    public void Leave() => _isOver = true;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_isOver) await _handover.GiveBackAsync(this);
        }
        finally
        {
            _isOver = true;
            _turn.Release();
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{Old} is stopped: its project's data goes to {New}")]
    public static partial void DataTaken(this ILogger log, DeploymentId old, DeploymentId @new);

    [LoggerMessage(LogLevel.Error, "the data of {Deployment} could not be given back at once; the reconciler goes on with it")]
    public static partial void NotGivenBack(this ILogger log, Exception e, DeploymentId deployment);
}
