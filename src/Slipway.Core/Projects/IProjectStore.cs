namespace Slipway.Core.Projects;

/// <summary>Projects and their variables. Sees only the rows of the current <see cref="Tenancy.TeamScope"/>.</summary>
public interface IProjectStore
{
    Task<Project?> FindAsync(ProjectId id, CancellationToken ct);

    Task<Project?> FindByNameAsync(string name, CancellationToken ct);

    Task<IReadOnlyList<Project>> ListAsync(CancellationToken ct);

    /// <summary>Adds it; its team must be in scope. Failure <c>project.name_taken</c> when any team has the name.</summary>
    Task<Outcome<Project>> CreateAsync(Project project, CancellationToken ct);

    /// <summary>Changes settings, the production pointer included, by one read-modify-write; null when it is not there. Id, team and name stay: changing them throws.</summary>
    Task<Project?> UpdateAsync(ProjectId id, Func<Project, Project> change, CancellationToken ct);

    /// <summary>Removes the project with its variables, its deployments' rows, logs and jobs; false when it is not there.</summary>
    Task<bool> RemoveAsync(ProjectId id, CancellationToken ct);

    /// <summary>
    /// The variables: read, and written as a whole by <paramref name="change"/> in one transaction
    /// (null: only read).
    /// Names are unique per target: two of one name whose targets overlap throw <see cref="ArgumentException"/>.
    /// </summary>
    Task<IReadOnlyList<EnvironmentVariable>> EnvironmentAsync(ProjectId id, Func<IReadOnlyList<EnvironmentVariable>, IReadOnlyList<EnvironmentVariable>>? change, CancellationToken ct);
}
