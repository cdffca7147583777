using Slipway.Core.Deployments;
using Slipway.Core.Projects;

namespace Slipway.Core.Queueing;

/// <summary>A deployment that this worker builds, and what it needs for it.</summary>
/// <param name="Project">Null when it was removed while the deployment waited.</param>
/// <param name="Variables">The project's, for this deployment's target; secrets among them.</param>
public sealed record ClaimedBuild(Deployment Deployment, Project? Project, IReadOnlyList<EnvironmentVariable> Variables);

/// <summary>The control plane as a worker meets it: in the same process by the store, elsewhere over a line.</summary>
public interface IBuildClaims
{
    /// <summary>Null when somebody else has it, or it is over: the job is dropped.</summary>
    Task<ClaimedBuild?> ClaimAsync(Lease lease, string worker, CancellationToken ct);

    /// <summary>
    /// Tells what came of it, once all lines written before are in the log. Told twice it counts once; what is stale is refused in silence.
    /// </summary>
    Task ReportAsync(ClaimedBuild build, DeploymentEvent happened, CancellationToken ct);

    /// <summary>This worker writes no more lines of it: a log whose deployment is over is complete.</summary>
    Task CloseAsync(ClaimedBuild build, CancellationToken ct);

    /// <summary>Returns once nobody wants this attempt any more: true when another attempt has taken its place, false when the deployment is over.</summary>
    Task<bool> UntilUnwantedAsync(ClaimedBuild build, CancellationToken ct);
}
