using System.Globalization;
using Microsoft.Extensions.Options;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Routing;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Pipeline.Shipping;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Launching;

/// <summary>Starts the instance of a deployment with the environment that the project has now.</summary>
public sealed class InstanceStart(IProjectStore projects, IContainerRuntime runtime, IImageRegistry registry, IControlPlaneAddress self, IOptions<RuntimeOptions> options)
{
    /// <param name="tell">Gets what is done to have its image.</param>
    public async Task<Outcome<Instance>> StartAsync(Deployment d, Action<string> tell, CancellationToken ct)
    {
        var revision = d.Revision ?? throw new InvalidOperationException($"{d.Id} has no revision to start");
        var project = await projects.FindAsync(d.Project, ct) ?? throw new InvalidOperationException($"{d.Id} belongs to no project");
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
}
