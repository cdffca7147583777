using Slipway.Core;
using Slipway.Core.Domains;

namespace Slipway.Testing.InMemory;

public sealed class InMemoryDomainStore : IDomainStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Domain> _domains = [];

    public Task<IReadOnlyList<Domain>> ListAsync(ProjectId? project, CancellationToken ct)
    {
        lock (_gate) return Task.FromResult(Visible(project));
    }

    public Task<Outcome<Domain>> AddAsync(Domain domain, CancellationToken ct)
    {
        Scopes.Demand(domain.Team);
        lock (_gate)
        {
            var known = _domains.GetValueOrDefault(domain.Host);
            if (DomainRules.CheckAdd(domain, known?.Project, Visible(domain.Project)) is { } refused) return Task.FromResult<Outcome<Domain>>(refused);
            return Task.FromResult<Outcome<Domain>>(_domains[domain.Host] = (known ?? domain) with { RedirectTo = domain.RedirectTo });
        }
    }

    public Task<Failure?> RemoveAsync(ProjectId project, string host, CancellationToken ct)
    {
        lock (_gate)
        {
            if (DomainRules.CheckRemove(host, Visible(project)) is { } refused) return Task.FromResult<Failure?>(refused);
            _domains.Remove(host);
            return Task.FromResult<Failure?>(null);
        }
    }

    internal void RemoveOf(ProjectId project)
    {
        lock (_gate) foreach (var domain in _domains.Values.Where(d => d.Project == project).ToList()) _domains.Remove(domain.Host);
    }

    private IReadOnlyList<Domain> Visible(ProjectId? project) =>
        [.. _domains.Values.Where(d => Scopes.See(d.Team) && (project is null || d.Project == project)).OrderBy(d => d.Host, StringComparer.Ordinal)];
}
