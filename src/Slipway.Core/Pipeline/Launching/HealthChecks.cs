using Microsoft.Extensions.Options;
using Slipway.Core.Deployments;
using Slipway.Core.Pipeline.Running;
using Slipway.Core.Projects;

namespace Slipway.Core.Pipeline.Launching;

/// <summary>How each deployment's instance is asked: as its project says now, else as the installation does.</summary>
public sealed class HealthChecks(IProjectStore projects, IOptions<RuntimeOptions> options)
{
    public async Task<HealthCheck> OfAsync(Deployment d, CancellationToken ct) => HealthCheck.Of(options.Value, (await projects.FindAsync(d.Project, ct))?.Health);
}
