using Slipway.Core;
using Slipway.Core.Projects;

namespace Slipway.Testing.InMemory;

/// <param name="deployments">Whose rows go with their project.</param>
/// <param name="domains">These too.</param>
public sealed class InMemoryProjectStore(InMemoryDeploymentStore? deployments = null, InMemoryDomainStore? domains = null) : IProjectStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ProjectId, Project> _projects = [];
    private readonly Dictionary<ProjectId, IReadOnlyList<EnvironmentVariable>> _environments = [];

    public Task<Project?> FindAsync(ProjectId id, CancellationToken ct)
    {
        lock (_gate) return Task.FromResult(Visible(id));
    }

    public Task<Project?> FindByNameAsync(string name, CancellationToken ct)
    {
        lock (_gate) return Task.FromResult(_projects.Values.SingleOrDefault(p => p.Name == name && Scopes.See(p.Team)));
    }

    public Task<IReadOnlyList<Project>> ListAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<Project>>([.. _projects.Values.Where(p => Scopes.See(p.Team)).OrderBy(p => p.Name, StringComparer.Ordinal)]);
        }
    }

    public Task<Outcome<Project>> CreateAsync(Project project, CancellationToken ct)
    {
        Scopes.Demand(project.Team);
        lock (_gate)
        {
            if (_projects.Values.Any(p => p.Name == project.Name)) return Task.FromResult<Outcome<Project>>(ProjectRules.NameTaken(project.Name));
            _projects.Add(project.Id, project);
            return Task.FromResult<Outcome<Project>>(project);
        }
    }

    public async Task<Project?> UpdateAsync(ProjectId id, Func<Project, Project> change, CancellationToken ct)
    {
        await Task.CompletedTask;
        lock (_gate)
        {
            if (Visible(id) is not { } before) return null;
            var after = change(before);
            ProjectRules.DemandSameIdentity(before, after);
            return _projects[id] = after;
        }
    }

    public Task<bool> RemoveAsync(ProjectId id, CancellationToken ct)
    {
        lock (_gate)
        {
            if (Visible(id) is null) return Task.FromResult(false);
            _projects.Remove(id);
            _environments.Remove(id);
        }

        deployments?.RemoveOf(id);
        domains?.RemoveOf(id);
        return Task.FromResult(true);
    }

    public async Task<IReadOnlyList<EnvironmentVariable>> EnvironmentAsync(
        ProjectId id, Func<IReadOnlyList<EnvironmentVariable>, IReadOnlyList<EnvironmentVariable>>? change, CancellationToken ct)
    {
        await Task.CompletedTask;
        lock (_gate)
        {
            if (Visible(id) is null) return [];
            var current = _environments.GetValueOrDefault(id, []);
            if (change is null) return current;
            var after = change(current);
            ProjectRules.DemandUniqueNames(after);
            return _environments[id] = [.. after.OrderBy(v => v.Name, StringComparer.Ordinal).ThenBy(v => v.Target)];
        }
    }

    private Project? Visible(ProjectId id) => _projects.TryGetValue(id, out var project) && Scopes.See(project.Team) ? project : null;
}
