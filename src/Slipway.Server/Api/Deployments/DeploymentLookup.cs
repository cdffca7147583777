using Slipway.Core;
using Slipway.Core.Deployments;
using Slipway.Core.Projects;

namespace Slipway.Server.Api.Deployments;

/// <summary>Finds a deployment by what a person has at hand: id, hash, or a project's name for its latest.</summary>
internal sealed class DeploymentLookup(IDeploymentStore deployments, IProjectStore projects)
{
    /// <summary>As <see cref="FindAsync"/>, but a project's name means what its visitors get: production, before its latest.</summary>
    public async Task<Deployment?> FindServingAsync(string text, CancellationToken ct) =>
        await projects.FindByNameAsync(text, ct) is { Production: { } production } && await deployments.FindAsync(production, ct) is { } serving
            ? serving : await FindAsync(text, ct);

    /// <summary>A project's name means all its deployments.</summary>
    public async Task<RuntimeLogTarget?> FindWithProjectAsync(string text, CancellationToken ct)
    {
        if (await projects.FindByNameAsync(text, ct) is { } project) return new(project.Id, project.Name, null);
        return await FindAsync(text, ct) is { } d ? new(d.Project, d.ProjectName, d) : null;
    }

    public async Task<Deployment?> FindAsync(string text, CancellationToken ct)
    {
        if (StrongId.TryParse<DeploymentId>(text, out var id)) return await deployments.FindAsync(id, ct);
        if (await projects.FindByNameAsync(text, ct) is { } project)
        {
            return (await deployments.ListAsync(new DeploymentQuery { Project = project.Id, Limit = 1 }, ct)).FirstOrDefault();
        }

        return text.Length == 8 ? (await deployments.ListAsync(new DeploymentQuery { Limit = 10_000 }, ct)).FirstOrDefault(d => d.Hash == text) : null;
    }
}
