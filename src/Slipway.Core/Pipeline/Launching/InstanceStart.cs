using System.Globalization;
using Microsoft.Extensions.Options;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Launching;

/// <summary>Starts the instance of a deployment with the environment that the project has now.</summary>
public sealed class InstanceStart(IProjectStore projects, IContainerRuntime runtime, IControlPlaneAddress self, IOptions<RuntimeOptions> options)
{
    public async Task<Instance> StartAsync(Deployment d, CancellationToken ct)
    {
        var revision = d.Revision ?? throw new InvalidOperationException($"{d.Id} has no revision to start");
        var project = await projects.FindAsync(d.Project, ct) ?? throw new InvalidOperationException($"{d.Id} belongs to no project");
        var variables = await projects.EnvironmentAsync(d.Project, null, ct);
        var url = new Urls(options.Value.BaseDomain, self.PublicPort).Of(d.PreviewLabel);
        var environment = ProjectEnvironment.OfInstance(d, project, variables, url);
        return await runtime.StartAsync(new InstanceSpec
        {
            Id = InstanceId.Of(d.Id),
            Deployment = d.Id,
            Project = d.Project,
            Image = revision.Image,
            Port = int.Parse(environment["PORT"], CultureInfo.InvariantCulture),
            Environment = environment,
            Limits = options.Value.Limits,
        }, ct);
    }
}
