using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Launching;

/// <summary>Starts the instance of a deployment with the environment that the project has now.</summary>
/// <remarks>What its project keeps it gets only where that is its own (<see cref="DataRule"/>), and after everybody else who has it was stopped.</remarks>
public sealed class InstanceStart(IProjectStore projects, IContainerRuntime runtime, IImageRegistry registry, IControlPlaneAddress self, IOptions<RuntimeOptions> options)
{
    /// <summary>It serves production, whose data is with its successor just now: no fault, and over in a moment.</summary>
    public const string HandedOver = "volume.handed_over";

    // Who has the data is looked at and acted on by one at a time in a project.
    private readonly ConcurrentDictionary<ProjectId, SemaphoreSlim> _keepers = new();

    /// <param name="tell">Gets what is done to have its image.</param>
    public async Task<Outcome<Instance>> StartAsync(Deployment d, Action<string> tell, CancellationToken ct)
    {
        if (await projects.FindAsync(d.Project, ct) is not { Volumes.Count: > 0 }) return await StartOneAsync(d, tell, ct);
        var keeper = _keepers.GetOrAdd(d.Project, _ => new(1, 1));
        await keeper.WaitAsync(ct);
        try
        {
            return await StartOneAsync(d, tell, ct);
        }
        finally
        {
            keeper.Release();
        }
    }

    private async Task<Outcome<Instance>> StartOneAsync(Deployment d, Action<string> tell, CancellationToken ct)
    {
        var revision = d.Revision ?? throw new InvalidOperationException($"{d.Id} has no revision to start");
        var project = await projects.FindAsync(d.Project, ct) ?? throw new InvalidOperationException($"{d.Id} belongs to no project");
        var use = DataRule.UseOf(project, d.Id);
        if (use == VolumeUse.Wait) return new Failure(HandedOver, $"the data of {project.Name} is with the deployment that is to follow {d.Id}", "wait until that one is ready or has failed");
        if (use == VolumeUse.Data) await StopOthersAsync(d, ct);
        var variables = await projects.EnvironmentAsync(d.Project, null, ct);
        var url = new Urls(options.Value.BaseDomain, self.PublicPort, self.SecurePort).Of(d.PreviewLabel);
        var environment = ProjectEnvironment.OfInstance(d, project, variables, url);
        var spec = new InstanceSpec
        {
            Id = InstanceId.Of(d.Id),
            Deployment = d.Id,
            Project = d.Project,
            Image = revision.Image,
            Port = int.Parse(environment["PORT"], CultureInfo.InvariantCulture),
            Environment = environment,
            Limits = options.Value.Limits,
            IsApart = project.Ways.Count > 0,
            Volumes = use == VolumeUse.None ? [] : [.. project.Volumes.Select(v => new VolumeMount(v.Path, use == VolumeUse.Data ? v.Name : null))],
        };
        try
        {
            return await runtime.StartAsync(spec, ct);
        }
        catch (ImageMissingException)
        {
            return await registry.FetchAsync(revision, tell, ct) is { } failure ? failure : await runtime.StartAsync(spec, ct);
        }
    }

    /// <summary>Whatever came of a crash in the middle: two never have it at once.</summary>
    private async Task StopOthersAsync(Deployment d, CancellationToken ct)
    {
        foreach (var other in (await runtime.ListAsync(ct)).Where(i => i.DataOf == d.Project && i.Deployment != d.Id && i.State is InstanceState.Running or InstanceState.Frozen))
            await runtime.SleepAsync(other.Id, SleepDepth.Stopped, options.Value.StopGrace, ct);
    }
}
