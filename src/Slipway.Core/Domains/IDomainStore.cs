namespace Slipway.Core.Domains;

/// <summary>The projects' own domains. Sees only the rows of the current <see cref="Tenancy.TeamScope"/>.</summary>
public interface IDomainStore
{
    /// <summary>By host; <paramref name="project"/> null: of all projects.</summary>
    Task<IReadOnlyList<Domain>> ListAsync(ProjectId? project, CancellationToken ct);

    /// <summary>Adds it, or changes where it redirects; what <see cref="DomainRules.CheckAdd"/> refuses is not written. Its team must be in scope, its project there.</summary>
    Task<Outcome<Domain>> AddAsync(Domain domain, CancellationToken ct);

    /// <summary>Null when it is gone, else why it is not (<see cref="DomainRules.CheckRemove"/>).</summary>
    Task<Failure?> RemoveAsync(ProjectId project, string host, CancellationToken ct);
}
